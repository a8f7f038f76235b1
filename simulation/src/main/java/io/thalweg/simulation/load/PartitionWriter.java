package io.thalweg.simulation.load;

import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.InitProducerIdRequest;
import io.thalweg.protocol.message.InitProducerIdResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.simulation.check.BatchNote;
import io.thalweg.simulation.check.Ledger;
import io.thalweg.spi.storage.LogId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches to one partition. With all acks it is idempotent and never gives a batch up; several are on their way at once, the
 * first ones too, and after one failed it goes on from there once all have come back. With one ack each batch is sent once. Owned by the
 * scheduler.
 */
public final class PartitionWriter {

    private static final short PRODUCE_VERSION = 13;
    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int REQUEST_TIMEOUT_MILLIS = 3_000;
    private static final int MOST_WAITING = 20;
    private static final int KEYS = 6;
    /** One of so many records deletes what its key had. */
    private static final int TOMBSTONES = 8;

    private final ClusterClient client;
    private final Ledger ledger;
    private final Serials serials;
    private final Plan plan;
    private final LeaderLookup lookup;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private final List<BatchNote> acknowledged = new ArrayList<>();
    private long producerId = -1;
    private short producerEpoch = -1;
    private int nextSequence;
    private int inFlight;
    private boolean isSettling;
    private boolean isAskingForId;
    private boolean isStopped;
    private @Nullable LogId writtenTo;

    /**
     * What to write.
     *
     * @param isIdempotent whether with all acks, else with one
     * @param isKeyed whether each record has one of a few keys, and some are tombstones
     * @param maxInFlight how many batches are on their way at once
     * @param pauseNanos about how long between two batches
     */
    public record Plan(
            String topic,
            int partition,
            boolean isIdempotent,
            boolean isKeyed,
            int minIsr,
            int maxInFlight,
            long pauseNanos) {}

    /** One that does nothing until begun. */
    public PartitionWriter(ClusterClient client, Ledger ledger, Serials serials, Plan plan) {
        this.client = client;
        this.ledger = ledger;
        this.serials = serials;
        this.plan = plan;
        this.lookup = new LeaderLookup(client, plan.topic, plan.partition, ledger::isDeleted, this::pump);
    }

    /** Begins to write. */
    public void begin() {
        lookup.refresh();
        writeLater();
    }

    /** Writes nothing new from now on. */
    public void stop() {
        isStopped = true;
    }

    /** Whether everything that was written has been answered. */
    public boolean isDone() {
        return waiting.isEmpty() && inFlight == 0;
    }

    /** I15: what an idempotent producer wrote lies in its order, each batch once. */
    public void checkOrder() {
        var last = -1L;
        var inOrder = acknowledged.stream()
                .sorted(Comparator.comparingLong(BatchNote::serial))
                .toList();
        for (var note : inOrder) {
            if (note.baseOffset() <= last) {
                ledger.journal().violated("I15", this + " was told " + note + " behind offset " + last);
            }
            last = note.lastOffset();
        }
    }

    @Override
    public String toString() {
        return "writer of " + plan.topic + "-" + plan.partition + " with " + waiting.size() + " batches waiting, "
                + inFlight + " on their way, leader " + lookup.leader() + ", producer " + producerId;
    }

    private void writeLater() {
        client.later(1 + client.random().nextLong(2 * plan.pauseNanos), () -> {
            if (!isStopped) {
                write();
                writeLater();
            }
        });
    }

    private void write() {
        if (waiting.size() >= MOST_WAITING || (plan.isIdempotent && !hasId())) {
            return;
        }
        var records = 1 + client.random().nextInt(3);
        var serial = serials.next();
        List<Outgoing.Content> contents = new ArrayList<>();
        for (var i = 0; i < records; i++) {
            var text = serial + "/" + i + "x".repeat(client.random().nextInt(100));
            contents.add(plan.isKeyed ? keyed(text) : new Outgoing.Content(null, text));
        }
        waiting.add(new Outgoing(new Outgoing.Producer(producerId, producerEpoch), nextSequence, serial, contents));
        nextSequence += records;
        pump();
    }

    private Outgoing.Content keyed(String text) {
        var key = "k" + client.random().nextInt(KEYS);
        return new Outgoing.Content(key, client.random().nextInt(TOMBSTONES) == 0 ? null : text);
    }

    private boolean hasId() {
        if (producerId < 0 && !isAskingForId) {
            isAskingForId = true;
            var request = InitProducerIdRequest.builder()
                    .transactionalId(null)
                    .transactionTimeoutMillis(1)
                    .build();
            client.sendToAny(request, 4, InitProducerIdResponse.class).whenComplete((answer, failure) -> {
                isAskingForId = false;
                if (failure == null && answer.message().errorCode() == ErrorCode.NONE.code()) {
                    producerId = answer.message().producerId();
                    producerEpoch = answer.message().producerEpoch();
                }
            });
        }
        return producerId >= 0;
    }

    private void pump() {
        if (isSettling || waiting.isEmpty()) {
            return;
        }
        if (!lookup.isKnown()) {
            lookup.refresh();
            return;
        }
        for (var batch : List.copyOf(waiting)) {
            if (batch.maySend(waiting) && inFlight < plan.maxInFlight && lookup.isKnown() && !isSettling) {
                send(batch);
            }
        }
    }

    private void send(Outgoing batch) {
        batch.setInFlight(true);
        inFlight++;
        var id = Objects.requireNonNull(lookup.id(), "partition");
        if (!id.equals(writtenTo)) {
            beginAnew(id);
        }
        var request = ProduceRequest.builder()
                .transactionalId(null)
                .acks((short) (plan.isIdempotent ? -1 : 1))
                .timeoutMillis(REQUEST_TIMEOUT_MILLIS)
                .topicData(List.of(ProduceRequest.Topic.builder()
                        .name(id.topic())
                        .topicId(id.topicId())
                        .partitionData(List.of(ProduceRequest.Partition.builder()
                                .index(id.partition())
                                .records(new BufferRecords(batch.bytes()))
                                .build()))
                        .build()))
                .build();
        client.send(lookup.leader(), request, PRODUCE_VERSION, ProduceResponse.class)
                .whenComplete((answer, failure) -> {
                    batch.setInFlight(false);
                    inFlight--;
                    if (failure == null) {
                        answered(
                                id,
                                batch,
                                answer.message()
                                        .responses()
                                        .get(0)
                                        .partitionResponses()
                                        .get(0));
                        answer.close();
                    } else {
                        failed(batch, null);
                    }
                    pump();
                });
    }

    /** A topic of the same name that has come in the place of another knows nothing of this producer. */
    private void beginAnew(LogId id) {
        writtenTo = id;
        acknowledged.clear();
        if (plan.isIdempotent) {
            // The other may have acknowledged batches behind some that are left; this one would wait for them.
            nextSequence = Outgoing.closeGaps(waiting);
        }
    }

    private void answered(LogId id, Outgoing batch, ProduceResponse.Partition answer) {
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (code == ErrorCode.NONE) {
            waiting.remove(batch);
            if (plan.isIdempotent) {
                acknowledge(id, batch, answer.baseOffset());
            }
        } else if (code == ErrorCode.DUPLICATE_SEQUENCE_NUMBER) {
            waiting.remove(batch);
        } else {
            failed(batch, code);
        }
    }

    private void acknowledge(LogId id, Outgoing batch, long baseOffset) {
        var sent = RecordBatch.at(batch.bytes(), 0);
        var note = ledger.sent(sent, baseOffset, lookup.leaderEpoch());
        acknowledged.add(note);
        ledger.acknowledged(id, note, plan.minIsr);
    }

    private void failed(Outgoing batch, @Nullable ErrorCode code) {
        ledger.journal()
                .detail(
                        "%s: batch %d (sequence %d) failed with %s",
                        this, batch.serial(), batch.sequence(), String.valueOf(code));
        if (code == ErrorCode.INVALID_PRODUCER_EPOCH
                || code == ErrorCode.INVALID_RECORD
                || code == ErrorCode.CORRUPT_MESSAGE
                || code == ErrorCode.UNKNOWN_SERVER_ERROR) {
            ledger.journal().refused("I16", this + " was answered " + code, code);
        }
        if (!plan.isIdempotent) {
            waiting.remove(batch);
            lookup.refresh();
            return;
        }
        batch.refused();
        if (!isSettling) {
            isSettling = true;
            settleLater();
        }
    }

    /** Sends again what is left, from its first on, once all have come back. */
    private void settleLater() {
        client.later(BACKOFF_NANOS, () -> {
            if (inFlight > 0) {
                settleLater();
            } else {
                isSettling = false;
                lookup.refresh();
            }
        });
    }
}
