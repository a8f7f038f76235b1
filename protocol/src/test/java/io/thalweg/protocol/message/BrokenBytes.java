package io.thalweg.protocol.message;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Ways to break a frame. */
final class BrokenBytes {

    /** What lengths and counts become when they lie. */
    private static final int[] LIES = {-1, -2, 0, 1, 0x7f, 0x80, 0xff, 0xffff, 1_000_000, 0x7fffffff, 0x80000000};

    private BrokenBytes() {}

    static byte[] of(byte[] sound, RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(sound, random.nextInt(sound.length + 1));
            case 1 -> noise(random.nextInt(200), random);
            case 2 -> mixed(sound, random);
            case 3 -> lying(sound, random);
            default -> changed(sound, random);
        };
    }

    private static byte[] noise(int length, RandomGenerator random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            for (int i = 0; i < length; i++) {
                bytes[i] &= 3;
            }
        }
        return bytes;
    }

    /** Changes a few single bytes. */
    private static byte[] changed(byte[] sound, RandomGenerator random) {
        byte[] bytes = sound.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int index = random.nextInt(bytes.length);
            bytes[index] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[index] ^ (1 << random.nextInt(8)));
        }
        return bytes;
    }

    /** Writes a length that lies over four bytes somewhere. */
    private static byte[] lying(byte[] sound, RandomGenerator random) {
        byte[] bytes = sound.clone();
        int at = random.nextInt(sound.length + 1);
        int lie = LIES[random.nextInt(LIES.length)];
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (lie >>> (24 - 8 * i));
        }
        return bytes;
    }

    /** Takes bytes out or puts some in. */
    private static byte[] mixed(byte[] sound, RandomGenerator random) {
        int from = random.nextInt(sound.length + 1);
        int to = Math.min(sound.length, from + random.nextInt(8));
        byte[] inserted = noise(random.nextInt(8), random);
        byte[] bytes = Arrays.copyOf(sound, from + inserted.length + sound.length - to);
        System.arraycopy(inserted, 0, bytes, from, inserted.length);
        System.arraycopy(sound, to, bytes, from + inserted.length, sound.length - to);
        return bytes;
    }
}
