package io.thalweg.simulation.check;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;

/** A node's storage that tells the ledger what it is asked to do. Owned by the scheduler. */
public final class WatchedStorage implements StorageProvider {

    private final StorageProvider inner;
    private final int node;
    private final Ledger ledger;
    private final IndexCheck indexes;

    /** Watches the storage of a node, and looks by chance whether it finds what is there. */
    public WatchedStorage(StorageProvider inner, int node, Ledger ledger, IndexCheck indexes) {
        this.inner = inner;
        this.node = node;
        this.ledger = ledger;
        this.indexes = indexes;
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
        return new WatchedEngine((SegmentedEngine) inner.open(context), node, ledger, indexes);
    }
}
