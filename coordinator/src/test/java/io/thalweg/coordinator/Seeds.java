package io.thalweg.coordinator;

import java.util.function.LongConsumer;

/** Runs a random test with a seed: a new one, or the one given by {@code -Dseed=}; a failure names it. */
public final class Seeds {

    private Seeds() {}

    public static void withSeed(LongConsumer test) {
        var given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        try {
            test.accept(seed);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("failed with -Dseed=" + seed, e);
        }
    }
}
