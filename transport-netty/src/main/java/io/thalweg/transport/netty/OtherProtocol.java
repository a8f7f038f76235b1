package io.thalweg.transport.netty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Recognises what else is spoken over TCP by its first four bytes, which are no length of a frame. */
final class OtherProtocol {

    /** A record of TLS begins with what it is, here an alert or a handshake, and the major version, which has always been 3. */
    private static final int TLS_ALERT = 0x1503;

    private static final int TLS_HANDSHAKE = 0x1603;

    private static final Set<String> HTTP =
            Set.of("GET ", "HEAD", "POST", "PUT ", "DELE", "OPTI", "CONN", "PATC", "PRI ", "HTTP");

    private OtherProtocol() {}

    /** What to look at if a connection begins with these bytes, as the end of a sentence; empty if nothing is known of them. */
    static String hint(int firstBytes) {
        var kind = firstBytes >>> Short.SIZE;
        if (kind == TLS_ALERT || kind == TLS_HANDSHAKE) {
            return "; it is TLS, which is not spoken here: look at security.protocol of who connects";
        }
        var text =
                new String(ByteBuffer.allocate(Integer.BYTES).putInt(firstBytes).array(), StandardCharsets.ISO_8859_1);
        return HTTP.contains(text) ? "; it is HTTP, which is not spoken here: look at the port" : "";
    }
}
