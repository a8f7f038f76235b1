package io.thalweg.spi.storage;

import org.jspecify.annotations.Nullable;

/** What an engine cannot do; the type tells whether to try again, to give up the log, or to stop reading. */
public abstract sealed class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Nothing is wrong but the moment: try again. */
    public static final class Busy extends StorageException {
        private static final long serialVersionUID = 1L;

        public Busy(String message) {
            super(message, null);
        }
    }

    /** There is no room; appends work again once there is. */
    public static final class Full extends StorageException {
        private static final long serialVersionUID = 1L;

        public Full(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The log or its directory is out of use until it is opened again. */
    public static final class Offline extends StorageException {
        private static final long serialVersionUID = 1L;

        public Offline(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Bytes are not what was appended. */
    public static final class Corrupt extends StorageException {
        private static final long serialVersionUID = 1L;

        public Corrupt(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Another process or a newer owner holds the log or directory. */
    public static final class Fenced extends StorageException {
        private static final long serialVersionUID = 1L;

        public Fenced(String message) {
            super(message, null);
        }
    }

    /** The offset asked for is below the start or above the end of the log. */
    public static final class OutOfRange extends StorageException {
        private static final long serialVersionUID = 1L;

        public OutOfRange(String message) {
            super(message, null);
        }
    }
}
