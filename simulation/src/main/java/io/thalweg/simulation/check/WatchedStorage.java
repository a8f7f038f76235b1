package io.thalweg.simulation.check;

import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageProvider;

/** A node's storage that tells the ledger what it is asked to do. Owned by the scheduler. */
public final class WatchedStorage extends ForwardingStorage {

    private final int node;
    private final Ledger ledger;
    private final IndexCheck indexes;

    /** Watches the storage of a node, and looks by chance whether it finds what is there. */
    public WatchedStorage(StorageProvider inner, int node, Ledger ledger, IndexCheck indexes) {
        super(inner);
        this.node = node;
        this.ledger = ledger;
        this.indexes = indexes;
    }

    @Override
    ForwardingEngine around(SegmentedEngine opened, StorageContext context) {
        return new WatchedEngine(opened, node, ledger, indexes);
    }
}
