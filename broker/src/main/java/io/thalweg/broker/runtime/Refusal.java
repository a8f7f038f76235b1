package io.thalweg.broker.runtime;

import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** What a machine says of a port at which nobody listens. */
public final class Refusal {

    /** As systems and the JDK say it. */
    private static final String WORD = "refused";

    private Refusal() {}

    /** Whether the machine at the other end has answered; one that says nothing is the same exception where a transport so decides. */
    public static boolean isSeenIn(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return String.valueOf(cause.getMessage()).contains(WORD);
            }
        }
        return false;
    }
}
