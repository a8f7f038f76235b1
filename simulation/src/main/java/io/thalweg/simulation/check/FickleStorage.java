package io.thalweg.simulation.check;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;
import java.util.Random;

/** A storage that does what it is asked to only as well as a plug-in has to (F28). Owned by the scheduler. */
public final class FickleStorage implements StorageProvider {

    private final StorageProvider inner;
    private final Random random;

    /** Storage with whims that come from chance. */
    public FickleStorage(StorageProvider inner, Random random) {
        this.inner = inner;
        this.random = random;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return inner.configKeys();
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new FickleEngine((SegmentedEngine) inner.open(context), new Whims(random, context.timers()));
    }
}
