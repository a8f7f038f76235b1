package io.thalweg.protocol.message;

import java.util.random.RandomGenerator;

/** Random values that lean towards the ends of their ranges, where codecs go wrong. */
final class RandomValues {

    private static final String[] LETTERS = {"a", "Z", "0", "-", "é", "ß", "ж", "中", "\uFFFD", "\uD83D\uDE00"};

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    /** A number between the two, both included: often one of the ends, 0, 1 or -1. */
    long number(long lowest, long highest) {
        long value = switch (random.nextInt(8)) {
            case 0 -> lowest;
            case 1 -> highest;
            case 2 -> 0;
            case 3 -> -1;
            case 4 -> 1;
            case 5 -> random.nextInt(1000);
            default -> random.nextLong();
        };
        if (value >= lowest && value <= highest) {
            return value;
        }
        return lowest + Long.remainderUnsigned(value, highest - lowest + 1);
    }

    double fraction() {
        return switch (random.nextInt(4)) {
            case 0 -> 0.0;
            case 1 -> -1.5;
            case 2 -> Double.MAX_VALUE;
            default -> random.nextGaussian();
        };
    }

    /** How long a list is: mostly short, at times none, at times as long as allowed. */
    int count(int most) {
        return oneIn(8) ? most : random.nextInt(3);
    }

    String text() {
        int length = oneIn(40) ? 300 : random.nextInt(10);
        StringBuilder text = new StringBuilder();
        int alphabet = oneIn(2) ? 4 : LETTERS.length;
        for (int i = 0; i < length; i++) {
            text.append(LETTERS[random.nextInt(alphabet)]);
        }
        return text.toString();
    }

    byte[] bytes() {
        byte[] bytes = new byte[oneIn(10) ? 200 : random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }
}
