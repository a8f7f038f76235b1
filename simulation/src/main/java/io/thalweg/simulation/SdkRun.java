package io.thalweg.simulation;

import io.thalweg.simulation.check.Journal;
import io.thalweg.simulation.cluster.SimulatedCluster;
import io.thalweg.simulation.sdk.SdkSimulation;
import io.thalweg.simulation.world.DiskTrouble;
import io.thalweg.simulation.world.Scheduler;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One run of applications on the Java SDK. Everything about it follows from the seed. */
final class SdkRun {

    private SdkRun() {}

    /** Runs it, on a thread that ends with it: what the code keeps for each thread would keep the whole world otherwise. */
    static Simulation.Outcome of(long seed, boolean isVerbose) {
        var outcome = new FutureTask<>(() -> runHere(seed, isVerbose));
        new Thread(outcome, "simulation-" + seed).start();
        try {
            return outcome.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("seed " + seed + " did not come to an end", e);
        }
    }

    private static Simulation.Outcome runHere(long seed, boolean isVerbose) {
        var scheduler = new Scheduler(seed);
        var journal = new Journal(scheduler, isVerbose);
        var simulation = new SdkSimulation(scheduler, journal);
        var tap = LogTap.open(
                journal, isVerbose, error -> DiskTrouble.isNamedIn(error) || SimulatedCluster.isDoubt(error));
        try {
            simulation.run();
        } catch (RuntimeException | AssertionError e) {
            journal.violated("run", e.toString());
        } finally {
            tap.close();
            simulation.end();
        }
        return new Simulation.Outcome(
                seed,
                scheduler.hash(),
                scheduler.runEvents(),
                scheduler.nowNanos(),
                journal.violation(),
                journal.lines());
    }
}
