package io.thalweg.simulation.world;

import java.io.IOException;
import java.util.Random;

/**
 * What is wrong with a node's disk for a while: it is full, or does not do what it is asked to. Owned by the scheduler.
 *
 * <p>What was written before a sync that failed does not become durable by the next one that succeeds, as on Linux.
 */
public final class DiskTrouble {

    private static final String FULL = "No space left on device";
    private static final String BROKEN = "Input/output error";

    private final Random random;
    private double fullness;
    private double brokenness;
    private boolean hasFailed;
    private boolean hasBroken;

    /** A disk with which nothing is wrong. */
    public DiskTrouble(Random random) {
        this.random = random;
    }

    /** From now on a file that is to grow, or to be made, does not with the given probability. */
    public void fill(double probability) {
        fullness = probability;
    }

    /** From now on anything fails with the given probability. */
    public void breakDown(double probability) {
        brokenness = probability;
    }

    /** Whether nothing is wrong now. */
    public boolean isWell() {
        return fullness == 0 && brokenness == 0;
    }

    /** Nothing is wrong any more; what failed before has failed. */
    public void end() {
        fullness = 0;
        brokenness = 0;
    }

    /** Whether something has failed since a process was last started. */
    public boolean hasFailed() {
        return hasFailed;
    }

    /** The same, but for want of room. */
    public boolean hasBroken() {
        return hasBroken;
    }

    /** A process is started. */
    public void begin() {
        hasFailed = false;
        hasBroken = false;
    }

    /** Whether a failure of this text is one of these. */
    public static boolean isNamedIn(String text) {
        return text.contains(FULL) || text.contains(BROKEN);
    }

    boolean isFull() {
        return fullness > 0;
    }

    void grow() throws IOException {
        if (fullness > 0 && random.nextDouble() < fullness) {
            hasFailed = true;
            throw new IOException(FULL);
        }
    }

    void work() throws IOException {
        if (brokenness > 0 && random.nextDouble() < brokenness) {
            hasFailed = true;
            hasBroken = true;
            throw new IOException(BROKEN);
        }
    }
}
