package io.thalweg.tck.storage;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;

/**
 * A storage around another that watches its user, for tests of whoever uses storage: its engines note calls after a close, appends out of
 * order or by two threads at once, memory that changes while it is lent, commits of logs that are not the engine's, saves of one checkpoint
 * that overlap, and slices that nobody closes. They pass all calls on.
 *
 * <p>Its engines have segments if those of the other storage have. Any thread.
 */
public final class CheckingStorage implements StorageProvider {

    private final StorageProvider inner;
    private final Misuse misuse = new Misuse();

    /** Watches whoever uses the engines of this storage. */
    public CheckingStorage(StorageProvider inner) {
        this.inner = inner;
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
        return CheckingEngine.around(inner.open(context), misuse);
    }

    /** Whoever holds slices has died with them, as in a crash: they are not missed. */
    public void forgetSlices() {
        misuse.forgetSlices();
    }

    /** Fails with everything that was noted, and where the slices were given that are still open. */
    public void assertWellUsed() {
        var seen = misuse.seen();
        var leaks = misuse.leaks();
        if (!seen.isEmpty() || !leaks.isEmpty()) {
            var failure = new AssertionError(
                    seen.size() + " calls against the contract of storage, " + leaks.size() + " slices not closed"
                            + seen.stream().map(each -> "\n  " + each).reduce("", String::concat));
            leaks.forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
