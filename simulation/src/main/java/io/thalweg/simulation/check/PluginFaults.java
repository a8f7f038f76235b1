package io.thalweg.simulation.check;

import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A plug-in that breaks its word (F28): now and then a call throws, or fails with, what no storage may, before it has done anything or when
 * all is done. It is about one node, over all its lives. Owned by the scheduler.
 */
public final class PluginFaults {

    private static final String MARK = "the plug-in breaks its word";

    private final Random random;
    private double probability;
    private boolean hasThrown;

    /** A plug-in that keeps its word. */
    public PluginFaults(Random random) {
        this.random = random;
    }

    /** A process is started, in which any call is such a one with the given probability. */
    public void begin(double newProbability) {
        probability = newProbability;
        hasThrown = false;
    }

    /** It keeps its word from now on; what it has broken stays so for as long as the process lives. */
    public void end() {
        probability = 0;
    }

    /** Whether that has happened since the process was started: the broker may have given up what it was about. */
    public boolean hasThrown() {
        return hasThrown;
    }

    /** Whether a failure of this text is one of these. */
    public static boolean isNamedIn(String text) {
        return text.contains(MARK);
    }

    /** Before a call that is answered at once, and does nothing if it throws. */
    void mayThrow(String about) {
        if (isDue()) {
            throw thrown(fault(about));
        }
    }

    /** A call that is answered at once, and may have been done though it throws. */
    void run(String about, Runnable call) {
        if (isDue()) {
            if (random.nextBoolean()) {
                call.run();
            }
            throw thrown(fault(about));
        }
        call.run();
    }

    /** A question that is answered some time. */
    <T> CompletionStage<T> ask(String about, Supplier<CompletionStage<T>> call) {
        return isDue() ? refuse(about) : call.get();
    }

    /** A call that may have been done though it fails. */
    CompletionStage<Void> tell(String about, Supplier<CompletionStage<Void>> call) {
        if (!isDue()) {
            return call.get();
        }
        return random.nextBoolean()
                ? refuse(about)
                : call.get().thenCompose(done -> CompletableFuture.failedStage(fault(about)));
    }

    /** What is answered about a log of which a commit has failed. */
    static StorageException offline(String log) {
        return new StorageException.Offline(MARK + ", and cannot reach " + log + " any more", null);
    }

    private <T> CompletionStage<T> refuse(String about) {
        if (random.nextBoolean()) {
            throw thrown(fault(about));
        }
        return CompletableFuture.failedStage(fault(about));
    }

    private boolean isDue() {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Throws what is not checked. */
    private static RuntimeException thrown(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        return (RuntimeException) fault;
    }

    private Throwable fault(String about) {
        hasThrown = true;
        var text = MARK + " about " + about;
        return switch (random.nextInt(5)) {
            case 0 -> new IllegalStateException(text);
            case 1 -> new UncheckedIOException(new IOException(text));
            case 2 -> new OutOfMemoryError(text);
            case 3 -> new NoSuchMethodError(text);
            default -> new AssertionError(text);
        };
    }
}
