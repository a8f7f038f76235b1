package io.thalweg.simulation.check;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;

/** A storage whose engines are around those of another. Owned by the scheduler. */
abstract class ForwardingStorage implements StorageProvider {

    private final StorageProvider inner;

    ForwardingStorage(StorageProvider inner) {
        this.inner = inner;
    }

    abstract ForwardingEngine around(SegmentedEngine opened, StorageContext context);

    @Override
    public final String name() {
        return inner.name();
    }

    @Override
    public final List<ConfigKey<?>> configKeys() {
        return inner.configKeys();
    }

    @Override
    public final StorageEngine open(StorageContext context) {
        return around((SegmentedEngine) inner.open(context), context);
    }
}
