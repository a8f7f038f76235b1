package io.thalweg.samples.onefile;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The journal and what it says. Any thread.
 *
 * <p>One thread syncs, so commits complete in the order of the calls and one sync covers all that was appended before it; others read.
 */
final class OneFileEngine implements StorageEngine {

    private static final int READ_THREADS = 2;

    private static final Comparator<LogId> BY_NAME =
            Comparator.comparing(LogId::topic).thenComparing(LogId::topicId).thenComparingInt(LogId::partition);

    private final ConcurrentMap<LogId, LogContents> contents = new ConcurrentSkipListMap<>(BY_NAME);
    private final ConcurrentMap<LogId, OneFileLog> open = new ConcurrentSkipListMap<>(BY_NAME);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Journal journal;
    private final Workers.Pool syncs;
    private final Workers.Pool reads;

    private OneFileEngine(Path path, Workers workers) {
        journal = Journal.open(path, this::replay);
        contents.values().forEach(each -> each.mark().committed());
        syncs = workers.start("one-file-sync", 1);
        reads = workers.start("one-file-read", READ_THREADS);
    }

    static OneFileEngine open(Path path, Workers workers) {
        return new OneFileEngine(path, workers);
    }

    private void replay(Entry entry, long position) {
        if (entry.kind() == Entry.Kind.DELETE) {
            contents.remove(entry.id());
        } else {
            contents(entry.id()).replay(entry, position);
        }
    }

    private LogContents contents(LogId id) {
        return contents.computeIfAbsent(id, key -> new LogContents());
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return List.copyOf(contents.keySet());
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        return CompletableFuture.completedStage(
                open.computeIfAbsent(id, key -> new OneFileLog(id, contents(id), this)));
    }

    /** There is nothing to configure: one commit is as durable as another, and there are no segments. */
    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        if (!open.containsKey(id)) {
            throw new IllegalStateException("log " + id + " is not open");
        }
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        checkOpen();
        var marks = new ArrayList<LogContents.Mark>();
        logs.forEach(log -> marks.add(((OneFileLog) log).mark()));
        return on(syncs, () -> {
            journal.force();
            marks.forEach(LogContents.Mark::committed);
            return null;
        });
    }

    /** Writes the entries and lets the contents take them in. */
    void write(List<Entry> entries, LogContents log) {
        var positions = journal.append(entries);
        for (var i = 0; i < positions.length; i++) {
            log.replay(entries.get(i), positions[i]);
        }
    }

    /** The same for one entry; completes once it is durable. */
    CompletionStage<Void> writeDurably(Entry entry, LogContents log) {
        write(List.of(entry), log);
        return synced();
    }

    private CompletionStage<Void> synced() {
        return on(syncs, () -> {
            journal.force();
            return null;
        });
    }

    CompletionStage<LogSlice> read(List<Long> positions) {
        return on(reads, () -> {
            var buffers = positions.stream()
                    .map(position -> journal.read(position).payload())
                    .toList();
            return LogSlice.of(buffers, () -> {});
        });
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        return new JournalCheckpoints(id, contents(id));
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        var log = open.get(id);
        if (log != null) {
            log.close();
        }
        if (contents.remove(id) != null) {
            var unused = journal.append(List.of(Entry.cut(Entry.Kind.DELETE, id, 0)));
        }
        return synced();
    }

    void closed(OneFileLog log) {
        open.remove(log.id(), log);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.values().forEach(OneFileLog::close);
            reads.close();
            syncs.close();
            try (journal) {
                journal.force();
            }
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("one-file storage is closed");
        }
    }

    private static <T> CompletionStage<T> on(Executor executor, Supplier<T> work) {
        var done = new CompletableFuture<T>();
        executor.execute(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private final class JournalCheckpoints implements Checkpoints {

        private final LogId id;
        private final LogContents log;

        JournalCheckpoints(LogId id, LogContents log) {
            this.id = id;
            this.log = log;
        }

        @Override
        public CompletionStage<Void> save(Checkpoint note) {
            return writeDurably(
                    new Entry(Entry.Kind.CHECKPOINT, id, note.offset(), 0, 0, note.name(), note.bytes()), log);
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            return CompletableFuture.completedStage(log.latestCheckpoint(name, atMost));
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            return writeDurably(Entry.cut(Entry.Kind.REMOVE_CHECKPOINTS, id, offset), log);
        }
    }
}
