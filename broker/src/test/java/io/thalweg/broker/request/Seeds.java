package io.thalweg.broker.request;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Runs a random test for many seeds; {@code -Dseed=} of a failure runs that one alone. */
final class Seeds {

    private Seeds() {}

    static void run(int rounds, Round round) {
        var given = System.getProperty("seed", "");
        if (!given.isEmpty()) {
            runOne(Long.parseLong(given), round);
            return;
        }
        var first = System.nanoTime();
        for (var i = 0; i < rounds; i++) {
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
    interface Round {
        void run(RandomGenerator random) throws Exception;
    }
}
