package io.thalweg.api;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a cluster and did not come to pass. The message says what, where and why; the type says what to do next.
 *
 * <p>What is {@linkplain #isRetriable retriable} has been tried again by the client for as long as it was allowed to. After what is
 * {@linkplain #isFatal fatal} the object it came from is of no more use: close it and make a new one.
 */
public abstract sealed class ThalwegException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private boolean isFatal;

    private ThalwegException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Kafka's name of the error, such as {@code NOT_LEADER_OR_FOLLOWER}; for logs and for what the types do not tell apart. */
    public String code() {
        return code;
    }

    /** Whether the same may succeed when it is tried again later. */
    public boolean isRetriable() {
        return false;
    }

    /** Whether the producer, consumer or processing that failed is of no more use. */
    public boolean isFatal() {
        return isFatal;
    }

    /** This exception, telling that what failed is of no more use; for who makes it, before it is thrown. */
    public final ThalwegException asFatal() {
        isFatal = true;
        return this;
    }

    /** Finds the exception of this type behind what a stage failed with; what is none of them becomes {@link Unexpected}. */
    public static ThalwegException from(Throwable failure) {
        var inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner instanceof ThalwegException known
                ? known
                : new Unexpected("UNKNOWN_SERVER_ERROR", String.valueOf(inner), inner);
    }

    /**
     * No broker that could answer did so in time: it cannot be reached, was silent, or the partition has no leader. A record that failed
     * with it may have been written all the same. Try again later.
     */
    public static final class Unavailable extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Unavailable(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }

        @Override
        public boolean isRetriable() {
            return true;
        }
    }

    /** The thread that waited was interrupted, and still is. What it waited for may come to pass all the same. */
    public static final class Interrupted extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Interrupted(String message, @Nullable Throwable cause) {
            super("REQUEST_TIMED_OUT", message, cause);
        }
    }

    /** Records that are not acknowledged yet fill the producer's memory. The record was not sent: send less, or later. */
    public static final class BufferFull extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public BufferFull(String message) {
            super("REQUEST_TIMED_OUT", message, null);
        }

        @Override
        public boolean isRetriable() {
            return true;
        }
    }

    /** There is no such topic, partition or group. Create it, or look at the name. */
    public static final class NotFound extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public NotFound(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** There is a topic of this name already. */
    public static final class AlreadyExists extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public AlreadyExists(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The cluster took the request apart and refuses it: too large, out of range, against a policy. Change the request. */
    public static final class Rejected extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Rejected(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The cluster does not know who asks, or does not let them. Change the credentials or the access rules. */
    public static final class Denied extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Denied(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The brokers are too old for what was asked. */
    public static final class Unsupported extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Unsupported(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The offset to read at is not there, or no longer. Seek to one that is. */
    public static final class OffsetGone extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public OffsetGone(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** What the broker sent does not hold together. The partition is not read on: seek past the damage to lose it knowingly. */
    public static final class Corrupt extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Corrupt(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** A key or value that its serde cannot turn into bytes or back. Seek past a record to leave it out. */
    public static final class Unserializable extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Unserializable(String message, @Nullable Throwable cause) {
            super("CORRUPT_MESSAGE", message, cause);
        }
    }

    /**
     * The group has given away what this member had, or another has taken the producer's place: what was asked did not come to pass and
     * never will. A member joins again and a producer begins anew by themselves; records that were not committed come again.
     */
    public static final class Fenced extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Fenced(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /** The handler of a {@link Processing} failed for good, and its policy is to stop. Fatal. */
    public static final class HandlerFailed extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public HandlerFailed(String message, @Nullable Throwable cause) {
            super("UNKNOWN_SERVER_ERROR", message, cause);
            var unused = asFatal();
        }
    }

    /**
     * The client is closed, or the transport that it was lent is: nothing of it is of any more use. What was under way may have come to
     * pass. Make a new client. Fatal.
     */
    public static final class Closed extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Closed(String message, @Nullable Throwable cause) {
            super("NETWORK_EXCEPTION", message, cause);
            var unused = asFatal();
        }
    }

    /** What none of the others is: a broker's own failure, or a mistake in the client. */
    public static final class Unexpected extends ThalwegException {

        private static final long serialVersionUID = 1L;

        public Unexpected(String code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }
}
