package io.thalweg.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns values into bytes and back. Keys and values that are null never reach it.
 *
 * <p><b>Threads.</b> Called by any thread, several at once.
 *
 * <p><b>Ownership.</b> Arrays are given either way: nobody else changes them afterwards.
 *
 * <p><b>Errors.</b> What it throws becomes a {@link ThalwegException.Unserializable} that names the record.
 */
public interface Serde<T> {

    byte[] toBytes(T value);

    T fromBytes(byte[] bytes);

    /** A serde of two functions. */
    static <T> Serde<T> of(Function<T, byte[]> toBytes, Function<byte[], T> fromBytes) {
        return new Serde<>() {
            @Override
            public byte[] toBytes(T value) {
                return toBytes.apply(value);
            }

            @Override
            public T fromBytes(byte[] bytes) {
                return fromBytes.apply(bytes);
            }
        };
    }

    /** This serde behind a conversion, such as from an object to its text. */
    default <R> Serde<R> map(Function<R, T> to, Function<T, R> from) {
        return of(value -> toBytes(to.apply(value)), bytes -> from.apply(fromBytes(bytes)));
    }

    /** Bytes as they are. */
    static Serde<byte[]> bytes() {
        return of(bytes -> bytes, bytes -> bytes);
    }

    /** Text in UTF-8. */
    static Serde<String> string() {
        return of(text -> text.getBytes(StandardCharsets.UTF_8), bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Four bytes, the highest first; as Kafka's {@code IntegerSerializer}. */
    static Serde<Integer> int32() {
        return fixed(Integer.BYTES, ByteBuffer::putInt, ByteBuffer::getInt);
    }

    /** Eight bytes, the highest first; as Kafka's {@code LongSerializer}. */
    static Serde<Long> int64() {
        return fixed(Long.BYTES, ByteBuffer::putLong, ByteBuffer::getLong);
    }

    /** Eight bytes of IEEE 754; as Kafka's {@code DoubleSerializer}. */
    static Serde<Double> float64() {
        return fixed(Double.BYTES, ByteBuffer::putDouble, ByteBuffer::getDouble);
    }

    /** The canonical text of 36 characters; as Kafka's {@code UUIDSerializer}. */
    static Serde<UUID> uuid() {
        return string().map(UUID::toString, UUID::fromString);
    }

    private static <T> Serde<T> fixed(int bytes, BiConsumer<ByteBuffer, T> put, Function<ByteBuffer, T> get) {
        return of(
                value -> {
                    var buffer = ByteBuffer.allocate(bytes);
                    put.accept(buffer, value);
                    return buffer.array();
                },
                array -> {
                    if (array.length != bytes) {
                        throw new IllegalArgumentException(array.length + " bytes; expected " + bytes);
                    }
                    return get.apply(ByteBuffer.wrap(array));
                });
    }
}
