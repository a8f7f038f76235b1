package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The checkpoints of a log whose engine breaks its word. Owned by the scheduler. */
final class FickleCheckpoints implements Checkpoints {

    private final String about;
    private final Checkpoints inner;
    private final PluginFaults faults;

    FickleCheckpoints(String about, Checkpoints inner, PluginFaults faults) {
        this.about = about;
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        return faults.tell(about, () -> inner.save(checkpoint));
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        return faults.ask(about, () -> inner.latest(name, atMost));
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        return faults.tell(about, () -> inner.removeAbove(offset));
    }
}
