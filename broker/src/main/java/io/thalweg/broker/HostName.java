package io.thalweg.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a listener on every address of the machine advertises unless told otherwise. */
final class HostName {

    private HostName() {}

    /** The machine's own name if it resolves, else {@code localhost}. */
    static String find() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
