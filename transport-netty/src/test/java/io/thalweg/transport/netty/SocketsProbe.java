package io.thalweg.transport.netty;

/** Prints which sockets are chosen; run by {@link SocketsTest} in a JVM of its own. */
final class SocketsProbe {

    private SocketsProbe() {}

    public static void main(String[] args) {
        System.out.println(Sockets.best().name());
    }
}
