package io.thalweg.broker.metadata;

import io.thalweg.broker.partition.LogCalls;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Apache Kafka has noted in {@code __cluster_metadata-0} as set for its topics, if that log is there from its beginning. Owned by
 * whoever reads it, one step after the other.
 *
 * <p>The value of a record, of which these kinds matter, all version 0:
 *
 * <pre>
 * varint 1, varint kind, varint version, then
 *   2 topic          string name, uuid id
 *   4 setting        int8 type of resource, string resource, string name, string or null value
 *   9 topic deleted  uuid id
 * </pre>
 */
final class KafkaSettings {

    static final String TOPIC = "__cluster_metadata";

    private static final Logger log = LoggerFactory.getLogger(KafkaSettings.class);

    private static final int READ_BYTES = 1 << 20;
    private static final int FRAME_VERSION = 1;
    private static final int TOPIC_RECORD = 2;
    private static final int CONFIG_RECORD = 4;
    private static final int REMOVE_TOPIC_RECORD = 9;
    private static final byte TOPIC_RESOURCE = 2;

    private final SortedMap<UUID, String> names = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, String>> settings = new TreeMap<>();

    private KafkaSettings() {}

    /** Completes, never fails, with what can be read. */
    static CompletionStage<KafkaSettings> read(StorageEngine engine) {
        var read = new KafkaSettings();
        var id = engine.logs().stream()
                .filter(each -> each.topic().equals(TOPIC) && each.partition() == 0)
                .findFirst();
        if (id.isEmpty()) {
            return CompletableFuture.completedFuture(read);
        }
        return engine.open(id.get(), LogConfig.DEFAULT)
                .thenCompose(opened -> read.readAll(opened).whenComplete((nothing, failure) -> opened.close()))
                .exceptionally(failure -> {
                    log.warn("{} cannot be read: settings of topics are not taken over", id.get(), failure);
                    read.settings.clear();
                    return null;
                })
                .thenApply(nothing -> read);
    }

    /** What is set for a topic of this name. */
    SortedMap<String, String> of(String topic) {
        return settings.getOrDefault(topic, new TreeMap<>());
    }

    private CompletionStage<Void> readAll(PartitionLog opened) {
        var offsets = opened.offsets();
        if (offsets.start() > 0) {
            log.warn(
                    "{} begins at offset {}: settings of topics, which are in its snapshot, are not taken over",
                    TOPIC,
                    offsets.start());
            return CompletableFuture.completedFuture(null);
        }
        return readFrom(opened, 0, offsets.end());
    }

    private CompletionStage<Void> readFrom(PartitionLog opened, long from, long end) {
        if (from >= end) {
            return CompletableFuture.completedFuture(null);
        }
        return LogCalls.read(opened, from, end, READ_BYTES)
                .thenCompose(slice -> readFrom(opened, take(LogCalls.copyOf(slice), end), end));
    }

    /** Takes the batches in; gives the offset after them, the end if there are none. */
    private long take(ByteBuffer bytes, long end) {
        var next = end;
        for (var batch : RecordBatches.in(bytes)) {
            if (!batch.isControl()) {
                take(batch);
            }
            next = batch.nextOffset();
        }
        return next;
    }

    private void take(RecordBatch batch) {
        try (var records = batch.records()) {
            while (records.hasNext()) {
                take(records.next().value());
            }
        }
    }

    private void take(@Nullable ByteBuffer value) {
        if (value == null) {
            return;
        }
        try {
            var in = new MessageReader(value.duplicate());
            if (in.readUnsignedVarint("frame version") == FRAME_VERSION) {
                var kind = in.readUnsignedVarint("kind");
                if (in.readUnsignedVarint("version") == 0) {
                    take(kind, in);
                }
            }
        } catch (MalformedMessageException e) {
            log.warn("a record of {} cannot be read and is left out", TOPIC, e);
        }
    }

    private void take(int kind, MessageReader in) {
        switch (kind) {
            case TOPIC_RECORD -> {
                var name = in.readString(true, "name");
                names.put(in.readUuid("id"), name);
            }
            case CONFIG_RECORD -> {
                if (in.readInt8("type of resource") == TOPIC_RESOURCE) {
                    set(
                            in.readString(true, "resource"),
                            in.readString(true, "name"),
                            in.readNullableString(true, "value"));
                }
            }
            case REMOVE_TOPIC_RECORD -> {
                var name = names.remove(in.readUuid("id"));
                if (name != null) {
                    settings.remove(name);
                }
            }
            default -> {}
        }
    }

    private void set(String topic, String name, @Nullable String value) {
        var of = settings.computeIfAbsent(topic, first -> new TreeMap<>());
        if (value == null) {
            of.remove(name);
        } else {
            of.put(name, value);
        }
    }
}
