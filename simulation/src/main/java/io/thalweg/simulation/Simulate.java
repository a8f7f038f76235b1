package io.thalweg.simulation;

import java.util.Arrays;
import java.util.Locale;

/**
 * Runs seeds: {@code --seed N} one, with everything that happened, {@code --seeds A..B} many, {@code --until-failure A..B} those up to the
 * first that fails. With {@code --sdk} before it, runs are of applications on the Java SDK. The exit status tells whether all invariants
 * held.
 */
public final class Simulate {

    private static final long PROGRESS_NANOS = 10_000_000_000L;

    private Simulate() {}

    /** What a seed is run as. */
    @FunctionalInterface
    private interface Run {
        Simulation.Outcome of(long seed, boolean isVerbose);
    }

    /** Runs the command. */
    @SuppressWarnings("SystemOut") // A command talks there.
    public static void main(String[] given) {
        var isOfSdk = given.length > 0 && given[0].equals("--sdk");
        var arguments = isOfSdk ? Arrays.copyOfRange(given, 1, given.length) : given;
        Run run = isOfSdk ? SdkRun::of : (seed, isVerbose) -> new Simulation(seed, isVerbose).run(isVerbose);
        if (arguments.length == 2 && arguments[0].equals("--seed")) {
            System.exit(replay(run, Long.parseLong(arguments[1])) ? 0 : 1);
        } else if (arguments.length == 2 && arguments[0].startsWith("--") && arguments[1].contains("..")) {
            var ends = arguments[1].split("\\.\\.", 2);
            var stopsAtFailure = arguments[0].equals("--until-failure");
            System.exit(runAll(run, Long.parseLong(ends[0]), Long.parseLong(ends[1]), stopsAtFailure) ? 0 : 1);
        } else {
            System.err.println("usage: simulate [--sdk] --seed N | --seeds A..B | --until-failure A..B");
            System.exit(2);
        }
    }

    @SuppressWarnings("SystemOut") // A command talks there.
    private static boolean replay(Run run, long seed) {
        var outcome = run.of(seed, true);
        outcome.journal().forEach(System.out::println);
        System.out.println(text(outcome));
        return outcome.violation().isEmpty();
    }

    @SuppressWarnings("SystemOut") // A command talks there.
    private static boolean runAll(Run run, long first, long last, boolean stopsAtFailure) {
        var began = System.nanoTime();
        var told = began;
        var simulated = 0L;
        var failed = 0;
        for (var seed = first; seed <= last && !(stopsAtFailure && failed > 0); seed++) {
            var outcome = run.of(seed, false);
            simulated += outcome.simulatedNanos();
            if (outcome.violation().isPresent()) {
                failed++;
                System.out.println(text(outcome));
            }
            var now = System.nanoTime();
            if (now - told > PROGRESS_NANOS || seed == last || (stopsAtFailure && failed > 0)) {
                told = now;
                var seconds = (now - began) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%d seeds in %.0f s, %.1f a second, %.1f simulated hours, %d failed%n",
                        seed - first + 1,
                        seconds,
                        (seed - first + 1) / seconds,
                        simulated / 3.6e12,
                        failed);
            }
        }
        return failed == 0;
    }

    private static String text(Simulation.Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "seed %d: %s (%d events in %.1f simulated seconds, hash %016x)",
                outcome.seed(),
                outcome.violation().map(broken -> "FAILED " + broken).orElse("all invariants held"),
                outcome.events(),
                outcome.simulatedNanos() / 1e9,
                outcome.hash());
    }
}
