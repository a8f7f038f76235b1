package io.thalweg.broker.request;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.PushTelemetryRequest;
import java.util.List;
import java.util.UUID;

/**
 * What a broker that takes no metrics of clients asks of one that offers its own (KIP-714): nothing, for the next five minutes. No client
 * is remembered.
 *
 * @param client never zero
 */
record TelemetrySubscription(UUID client) {

    static final int PUSH_INTERVAL_MILLIS = 300_000;
    static final int MAX_BYTES = 1 << 20;

    /** Zstandard, LZ4, GZIP and Snappy, the smallest first. */
    static final List<Byte> CODECS = List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2);

    /** What a client says that has no id yet. */
    static final UUID NOBODY = new UUID(0, 0);

    private static final byte UNCOMPRESSED = 0;

    int id() {
        return client.hashCode();
    }

    /** Whether a push is one that could follow an answer with such a subscription. */
    static ErrorCode check(PushTelemetryRequest push) {
        if (push.clientInstanceId().equals(NOBODY)) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (push.subscriptionId() != new TelemetrySubscription(push.clientInstanceId()).id()) {
            return ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
        }
        if (push.compressionType() != UNCOMPRESSED && !CODECS.contains(push.compressionType())) {
            return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        }
        return push.metrics().remaining() > MAX_BYTES ? ErrorCode.TELEMETRY_TOO_LARGE : ErrorCode.NONE;
    }
}
