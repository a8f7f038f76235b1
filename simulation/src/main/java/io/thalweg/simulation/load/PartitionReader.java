package io.thalweg.simulation.load;

import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.simulation.check.BatchNote;
import io.thalweg.simulation.check.Ledger;
import io.thalweg.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition from its start, on and on, and tells the ledger what it sees. One of a compacted topic begins anew every now and
 * then, for what it has read is not what is there any more. Owned by the scheduler.
 */
public final class PartitionReader {

    private static final short FETCH_VERSION = 16;
    private static final short LIST_OFFSETS_VERSION = 7;
    private static final long EARLIEST = -2;
    private static final int MAX_WAIT_MILLIS = 500;
    private static final int MOST_BYTES = 16 << 10;
    private static final UUID NO_DIRECTORY = new UUID(0, 0);
    /** One of so many answers is the last before a reader of a compacted topic begins anew. */
    private static final int ROUNDS = 16;

    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ClusterClient client;
    private final Ledger ledger;
    private final LeaderLookup lookup;
    private final String name;
    private final boolean isWholeLogKept;
    private @Nullable LogId readFrom;
    private long position;
    private long furthest;
    private final List<BatchNote> sinceStart = new ArrayList<>();
    private boolean isFinishing;
    private boolean isToBeginAnew;
    /** Whether it was told of the end since it began anew. */
    private boolean isEndKnown;

    private long highWatermark;
    private int highWatermarkEpoch = -1;

    /**
     * One that does nothing until begun.
     *
     * @param isWholeLogKept whether nothing is ever deleted, so that each offset can be read
     */
    public PartitionReader(ClusterClient client, Ledger ledger, String topic, int partition, boolean isWholeLogKept) {
        this.client = client;
        this.ledger = ledger;
        this.lookup = new LeaderLookup(client, topic, partition, ledger::isDeleted, this::fetch);
        this.name = topic + "-" + partition;
        this.isWholeLogKept = isWholeLogKept;
    }

    /** Begins to read. */
    public void begin() {
        lookup.refresh();
    }

    /** The offset after the last that was ever read. */
    public long furthest() {
        return furthest;
    }

    /** Reads all of a compacted topic for a last time, and all of one whose leader may be damaged where nobody has read. */
    public void finish() {
        isFinishing = true;
        isToBeginAnew = ledger.isCompacted() || ledger.areLogsDamaged();
    }

    /** Whether everything was read up to the end that the last answer told of. */
    public boolean isAtEnd() {
        return isEndKnown && position == highWatermark && !isToBeginAnew;
    }

    /** Tells what it has seen of a compacted topic since it began for the last time. */
    public void checkWhole() {
        if (ledger.isCompacted() && readFrom != null) {
            ledger.readThrough(readFrom, sinceStart);
        }
    }

    private void beginAnew() {
        isToBeginAnew = false;
        isEndKnown = false;
        position = 0;
        sinceStart.clear();
    }

    @Override
    public String toString() {
        return "reader of " + name + " at " + position + " of " + highWatermark;
    }

    private void fetch() {
        var id = Objects.requireNonNull(lookup.id(), "partition");
        if (!id.equals(readFrom)) {
            readFrom = id;
            beginAnew();
            furthest = 0;
            highWatermark = 0;
            highWatermarkEpoch = -1;
        }
        if (isToBeginAnew) {
            beginAnew();
        }
        var epoch = lookup.leaderEpoch();
        var request = FetchRequest.builder()
                .maxWaitMillis(MAX_WAIT_MILLIS)
                .minBytes(1)
                .maxBytes(MOST_BYTES)
                .sessionEpoch(-1)
                .topics(List.of(FetchRequest.Topic.builder()
                        .topic(id.topic())
                        .topicId(id.topicId())
                        .partitions(List.of(FetchRequest.Partition.builder()
                                .partition(id.partition())
                                .currentLeaderEpoch(epoch)
                                .fetchOffset(position)
                                .lastFetchedEpoch(-1)
                                .partitionMaxBytes(MOST_BYTES)
                                .replicaDirectoryId(NO_DIRECTORY)
                                .build()))
                        .build()))
                .build();
        client.send(lookup.leader(), request, FETCH_VERSION, FetchResponse.class)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        lookup.refresh();
                        return;
                    }
                    try (answer) {
                        take(answer.message(), epoch);
                    }
                });
    }

    private void take(FetchResponse answer, int epoch) {
        if (answer.errorCode() != ErrorCode.NONE.code() || answer.responses().isEmpty()) {
            lookup.refresh();
            return;
        }
        var partition = answer.responses().get(0).partitions().get(0);
        var code = ErrorCode.forCode(partition.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (code == ErrorCode.NONE) {
            checkEnd(partition.highWatermark(), epoch);
            if (partition.records() instanceof BufferRecords records) {
                read(records.bytes());
            }
            client.later(1, this::fetch);
        } else {
            refused(code);
        }
    }

    private void refused(ErrorCode code) {
        ledger.journal().detail("%s was answered %s", this, code);
        if (code == ErrorCode.OFFSET_OUT_OF_RANGE && !isWholeLogKept) {
            askForStart();
            return;
        }
        var isDamageKnown = readFrom != null && ledger.isDamaged(readFrom);
        if (code == ErrorCode.OFFSET_OUT_OF_RANGE
                || (code == ErrorCode.CORRUPT_MESSAGE && !isDamageKnown)
                || code == ErrorCode.UNKNOWN_SERVER_ERROR) {
            ledger.journal().refused("I07", this + " in epoch " + lookup.leaderEpoch() + " was answered " + code, code);
        }
        client.later(BACKOFF_NANOS, lookup::refresh);
    }

    /** What was to be read is deleted: goes on where the log begins, which the leader may be about to learn. */
    private void askForStart() {
        var id = Objects.requireNonNull(lookup.id(), "partition");
        var request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .isolationLevel((byte) 0)
                .topics(List.of(ListOffsetsRequest.Topic.builder()
                        .name(id.topic())
                        .partitions(List.of(ListOffsetsRequest.Partition.builder()
                                .partitionIndex(id.partition())
                                .currentLeaderEpoch(lookup.leaderEpoch())
                                .timestamp(EARLIEST)
                                .build()))
                        .build()))
                .build();
        client.send(lookup.leader(), request, LIST_OFFSETS_VERSION, ListOffsetsResponse.class)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        goOnFrom(answer.message().topics().get(0).partitions().get(0));
                        answer.close();
                    }
                    client.later(BACKOFF_NANOS, lookup::refresh);
                });
    }

    private void goOnFrom(ListOffsetsResponse.Partition start) {
        if (start.errorCode() == ErrorCode.NONE.code()) {
            position = Math.max(position, start.offset());
            highWatermark = Math.max(highWatermark, position);
        }
    }

    /** I08: the end never goes back for a reader within an epoch. */
    private void checkEnd(long end, int epoch) {
        if (epoch == highWatermarkEpoch && end < highWatermark) {
            ledger.journal().violated("I08", this + " was told of the end " + end + " in the same epoch " + epoch);
        }
        isEndKnown = true;
        highWatermark = end;
        highWatermarkEpoch = epoch;
    }

    private void read(ByteBuffer bytes) {
        for (var batch : RecordBatches.in(bytes)) {
            if (!batch.isWhole()) {
                return;
            }
            var note = ledger.note(batch);
            if (!batch.crcIsValid()) {
                ledger.journal().violated("I35", this + " was given " + note + " with a wrong CRC");
            }
            if (note.lastOffset() < position) {
                continue;
            }
            if (note.baseOffset() != position && !ledger.isCompacted()) {
                ledger.journal().violated("I28", this + " was given " + note);
            }
            if (note.lastOffset() >= highWatermark) {
                ledger.journal().violated("I08", this + " was given " + note + ", which is past the end");
            }
            ledger.read(Objects.requireNonNull(lookup.id(), "partition"), note, position);
            position = batch.nextOffset();
            furthest = Math.max(furthest, position);
            if (ledger.isCompacted()) {
                sinceStart.add(note);
            }
        }
        if (ledger.isCompacted() && !isFinishing && client.random().nextInt(ROUNDS) == 0) {
            beginAnew();
        }
    }
}
