package io.thalweg.protocol;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Runs a random test for many seeds; {@code -Dseed=} of a failure runs that one alone. */
public final class Seeds {

    private Seeds() {}

    public static void run(int rounds, Round round) {
        String given = System.getProperty("seed", "");
        if (!given.isEmpty()) {
            runOne(Long.parseLong(given), round);
            return;
        }
        long first = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            runOne(first + i, round);
        }
    }

    private static void runOne(long seed, Round round) {
        try {
            round.run(new SplittableRandom(seed));
        } catch (Throwable failure) {
            throw new AssertionError("fails with -Dseed=" + seed + ": " + failure, failure);
        }
    }

    /** One run of the test. */
    public interface Round {
        void run(RandomGenerator random) throws Exception;
    }
}
