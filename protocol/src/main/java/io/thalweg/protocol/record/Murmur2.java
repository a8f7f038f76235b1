package io.thalweg.protocol.record;

import java.nio.ByteBuffer;

/** The hash by which Kafka's clients choose a partition for a key: MurmurHash2 of 32 bits with Kafka's seed. */
public final class Murmur2 {

    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private Murmur2() {}

    /** The partition that the key belongs to, from 0 to partitions - 1. */
    public static int partition(ByteBuffer key, int partitions) {
        return (hash(key) & Integer.MAX_VALUE) % partitions;
    }

    /** The hash of the bytes from position to limit, which stay where they are. */
    public static int hash(ByteBuffer bytes) {
        int length = bytes.remaining();
        int tail = bytes.limit() - length % Integer.BYTES;
        int hash = SEED ^ length;
        for (int at = bytes.position(); at < tail; at += Integer.BYTES) {
            int word = littleEndian(bytes, at, Integer.BYTES) * MULTIPLIER;
            word = (word ^ (word >>> SHIFT)) * MULTIPLIER;
            hash = hash * MULTIPLIER ^ word;
        }
        if (tail < bytes.limit()) {
            hash = (hash ^ littleEndian(bytes, tail, bytes.limit() - tail)) * MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }

    private static int littleEndian(ByteBuffer bytes, int at, int count) {
        int word = 0;
        for (int i = 0; i < count; i++) {
            word |= (bytes.get(at + i) & 0xff) << (8 * i);
        }
        return word;
    }
}
