package io.thalweg.tck.storage;

import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What each suite starts from: an engine with one open, empty log whose segments hold a few batches each. */
@SuppressWarnings("NullAway.Init") // JUnit sets up before each test
abstract class StorageSuite {

    /** Small segments and indexes, so that every test crosses their boundaries. */
    static final LogConfig SMALL = new LogConfig(Durability.FSYNC, 2048, 1_000_000, 0, 256, 1024, false);

    /** The bytes after the header of {@link #batches}. */
    static final int PAYLOAD_BYTES = 139;

    static final int BATCH_BYTES = SampleBatch.HEADER_BYTES + PAYLOAD_BYTES;
    static final int RECORDS = 3;

    StorageRig rig;
    StorageEngine engine;
    PartitionLog log;

    abstract StorageRig rig();

    @BeforeEach
    final void openEngine() {
        rig = rig();
        adopt(rig);
    }

    @AfterEach
    final void closeEngine() {
        rig.close();
    }

    final void adopt(StorageRig opened) {
        engine = opened.engine();
        log = opened.open(StorageRig.ID, SMALL);
    }

    /** Closes the engine and opens it, and the log, again. */
    final void restart() {
        rig.restart();
        adopt(rig);
    }

    /** So many batches of {@link #RECORDS} records and {@link #BATCH_BYTES} bytes from an offset on; timestamp = base offset. */
    static List<SampleBatch> batches(long baseOffset, int count) {
        return LongStream.range(0, count)
                .map(i -> baseOffset + i * RECORDS)
                .mapToObj(offset -> SampleBatch.of(offset, RECORDS, offset, PAYLOAD_BYTES))
                .toList();
    }

    /** Appends each in a call of its own. */
    final List<SampleBatch> append(List<SampleBatch> batches) {
        batches.forEach(batch -> log.append(List.of(batch.toBatch())));
        return batches;
    }

    final void commit() {
        Stages.await(engine.commit(List.of(log)));
    }

    final List<SampleBatch> read(long from, long upTo, int maxBytes) {
        return SampleBatch.in(Stages.await(log.read(from, upTo, maxBytes)));
    }

    /** Everything from an offset to the end, in as many reads as it takes. */
    final List<SampleBatch> readFrom(long from) {
        return LogReader.readAll(log, from, Long.MAX_VALUE);
    }
}
