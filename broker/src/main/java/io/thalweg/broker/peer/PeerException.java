package io.thalweg.broker.peer;

import org.jspecify.annotations.Nullable;

/** Another broker gave no answer: it cannot be reached, was lost, or took too long. Whether it carried the request out is unknown. */
public final class PeerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PeerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
