package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.StorageException;
import java.util.concurrent.CompletionException;

/** The one table from what an engine cannot do to what a client is told. */
public final class StorageErrors {

    private StorageErrors() {}

    /** Whether a failure of the storage SPI says that a log is out of use, and not for the moment; one that the SPI does not know does. */
    public static boolean isOffline(Throwable failure) {
        var cause = causeOf(failure);
        return cause instanceof StorageException.Offline || !(cause instanceof StorageException);
    }

    /** Whether a failure of the storage SPI says that bytes are not what was appended. */
    public static boolean isDamage(Throwable failure) {
        return codeOf(failure) == ErrorCode.CORRUPT_MESSAGE;
    }

    /** Whether what a failure of the storage SPI refused may work a moment later, without anybody's help or once there is room. */
    public static boolean isPassing(Throwable failure) {
        var cause = causeOf(failure);
        return cause instanceof StorageException.Full || cause instanceof StorageException.Busy;
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The code for a failure of the storage SPI; anything that is not a {@link StorageException} is a fault of ours. */
    public static ErrorCode codeOf(Throwable failure) {
        var cause = causeOf(failure);
        if (cause instanceof StorageException.OutOfRange) {
            return ErrorCode.OFFSET_OUT_OF_RANGE;
        }
        if (cause instanceof StorageException.Fenced) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        if (cause instanceof StorageException.Corrupt) {
            // Clients tell the application, which may seek past it; they would try again for ever with the next one.
            return ErrorCode.CORRUPT_MESSAGE;
        }
        if (cause instanceof StorageException) {
            // Busy, Full and Offline alike: clients look the leader up again and retry.
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }
}
