package io.thalweg.coordinator.controller;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Draws ids; owned by the controller's event loop. */
final class RandomIds {

    private static final long VERSION_BITS = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;

    private final RandomGenerator random;

    RandomIds(RandomGenerator random) {
        this.random = random;
    }

    /** A random (version 4) id whose text does not begin with a dash, which command lines would take for an option. */
    UUID next() {
        while (true) {
            var id = new UUID(
                    (random.nextLong() & ~VERSION_BITS) | VERSION_4, (random.nextLong() & ~VARIANT_BITS) | VARIANT_2);
            if (!text(id).startsWith("-")) {
                return id;
            }
        }
    }

    /** The id as Kafka writes ids: 22 characters of URL-safe Base64. */
    static String text(UUID id) {
        var bytes = ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }
}
