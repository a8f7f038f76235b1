package io.thalweg.spi.transport;

/**
 * Where to listen or to connect.
 *
 * @param host a name or address; an IPv6 address without brackets; to listen on every address of the machine, empty
 * @param port 0 to 65535; 0 lets the transport choose a free one to listen on
 */
public record Endpoint(String host, int port) {

    public Endpoint {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of host " + host + ": expected 0 to 65535");
        }
    }

    /** Reads {@code host:port}; an IPv6 address stands in brackets. */
    public static Endpoint parse(String text) {
        var colon = text.lastIndexOf(':');
        try {
            var host = text.substring(0, colon);
            var bracketed = host.startsWith("[") && host.endsWith("]");
            return new Endpoint(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("endpoint " + text + ": expected host:port", e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
