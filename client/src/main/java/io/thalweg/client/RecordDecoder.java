package io.thalweg.client;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.Header;
import io.thalweg.api.Headers;
import io.thalweg.api.Serde;
import io.thalweg.api.ThalwegException;
import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns fetched records into those that an application gets. Immutable. */
record RecordDecoder<K, V>(Serde<K> keys, Serde<V> values) {

    /** Has the serdes read the record's bytes, which are theirs from then on. */
    ConsumerRecord<K, V> decode(InboundRecord record) {
        return new ConsumerRecord<>(
                record.partition(),
                record.offset(),
                record.timestamp(),
                read("key", keys, record.key(), record),
                read("value", values, record.value(), record),
                headers(record.headers()));
    }

    private static <T> @Nullable T read(String what, Serde<T> serde, byte @Nullable [] bytes, InboundRecord record) {
        if (bytes == null) {
            return null;
        }
        try {
            return serde.fromBytes(bytes);
        } catch (RuntimeException e) {
            throw new ThalwegException.Unserializable(
                    what + " of the record at offset " + record.offset() + " of " + record.partition()
                            + " cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }

    private static Headers headers(List<RecordHeader> headers) {
        return headers.isEmpty()
                ? Headers.NONE
                : new Headers(headers.stream().map(RecordDecoder::header).toList());
    }

    private static Header header(RecordHeader header) {
        var value = header.value();
        return Header.of(header.key(), value == null ? null : copy(value));
    }

    /** The records up to one that cannot be read; that is thrown if it is the first, and is to be polled again either way. */
    List<ConsumerRecord<K, V>> decodeSome(PolledChunk chunk, PartitionConsumer source) {
        var decoded = new ArrayList<ConsumerRecord<K, V>>(chunk.records().size());
        for (var record : chunk.records()) {
            try {
                decoded.add(decode(record));
            } catch (ThalwegException e) {
                if (decoded.isEmpty()) {
                    source.rewind(chunk, 0);
                    throw e;
                }
                break;
            }
        }
        return decoded;
    }
}
