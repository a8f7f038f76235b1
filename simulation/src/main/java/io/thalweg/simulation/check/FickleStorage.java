package io.thalweg.simulation.check;

import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageProvider;
import java.util.Random;

/**
 * A storage that does what it is asked to only as well as a plug-in has to, and now and then not even that (F28). Owned by the scheduler.
 */
public final class FickleStorage extends ForwardingStorage {

    private final Random random;
    private final PluginFaults faults;

    /** Storage with whims that come from chance. */
    public FickleStorage(StorageProvider inner, Random random, PluginFaults faults) {
        super(inner);
        this.random = random;
        this.faults = faults;
    }

    @Override
    ForwardingEngine around(SegmentedEngine opened, StorageContext context) {
        return new FickleEngine(opened, new Whims(random, context.timers()), faults);
    }
}
