package io.thalweg.simulation.check;

import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageProvider;
import java.util.Random;

/** A storage that does what it is asked to only as well as a plug-in has to (F28). Owned by the scheduler. */
public final class FickleStorage extends ForwardingStorage {

    private final Random random;

    /** Storage with whims that come from chance. */
    public FickleStorage(StorageProvider inner, Random random) {
        super(inner);
        this.random = random;
    }

    @Override
    ForwardingEngine around(SegmentedEngine opened, StorageContext context) {
        return new FickleEngine(opened, new Whims(random, context.timers()));
    }
}
