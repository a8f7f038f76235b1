package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.protocol.record.UnsupportedMagicException;
import io.thalweg.spi.transport.Endpoint;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Fetches from one broker, one request after the other. Owned by the loop. */
final class NodeFetcher {

    private static final short LAST_VERSION_BY_NAME = 12;
    private static final int NO_REPLICA = -1;

    private final ClientRuntime runtime;
    private final Connections connections;
    private final FetchConfig config;
    private final Fetching owner;
    private final FetchSession session = new FetchSession();
    private Map<TopicPartition, FetchPosition> asked = Map.of();
    private boolean sessionIsById;
    private boolean isUnderWay;
    private int failuresCount;
    private long blockedUntilNanos;

    NodeFetcher(ClientRuntime runtime, Connections connections, FetchConfig config, Fetching owner) {
        this.runtime = runtime;
        this.connections = connections;
        this.config = config;
        this.owner = owner;
        this.blockedUntilNanos = runtime.clock().nanos();
    }

    /** Fetches these partitions, all led by the broker, unless a fetch is under way. */
    void fetch(Map<FetchPosition, Leader> positions) {
        if (isUnderWay
                || positions.isEmpty()
                || blockedUntilNanos - runtime.clock().nanos() > 0) {
            return;
        }
        var byId = positions.values().stream().allMatch(Leader::hasTopicId);
        if (byId != sessionIsById) {
            session.reset();
            sessionIsById = byId;
        }
        var wanted = new LinkedHashMap<TopicPartition, FetchSession.Wanted>();
        var nowAsked = new HashMap<TopicPartition, FetchPosition>();
        positions.forEach((position, leader) -> {
            nowAsked.put(position.partition(), position);
            wanted.put(
                    position.partition(),
                    new FetchSession.Wanted(position.nextOffset(), leader.epoch(), leader.topicId()));
        });
        asked = nowAsked;
        isUnderWay = true;
        var endpoint = positions.values().iterator().next().endpoint();
        send(endpoint, session.next(wanted), byId ? Short.MAX_VALUE : LAST_VERSION_BY_NAME, namesById(wanted));
    }

    private static Map<UUID, String> namesById(Map<TopicPartition, FetchSession.Wanted> wanted) {
        var names = new HashMap<UUID, String>();
        wanted.forEach((partition, each) -> names.put(each.topicId(), partition.topic()));
        return names;
    }

    private void send(Endpoint endpoint, FetchSession.Changes changes, short maxVersion, Map<UUID, String> names) {
        var topics = changes.topics(config.partitionMaxBytes());
        var forgotten = changes.forgotten();
        FetchRequest request = FetchRequest.builder()
                .replicaId(NO_REPLICA)
                .maxWaitMillis((int) config.maxWait().toMillis())
                .minBytes(config.minBytes())
                .maxBytes(config.maxBytes())
                .isolationLevel(config.isolationLevel())
                .sessionId(changes.sessionId())
                .sessionEpoch(changes.sessionEpoch())
                .topics(topics)
                .forgottenTopicsData(forgotten)
                .build();
        connections
                .to(endpoint, ConnectionPurpose.FETCH, owner)
                .send(new Request<>(
                        ApiKey.FETCH,
                        FetchResponse.class,
                        maxVersion,
                        version -> request,
                        connections
                                .config()
                                .requestTimeout()
                                .plus(config.maxWait())
                                .toNanos(),
                        null,
                        reply -> answered(reply, names),
                        this::failed));
    }

    private void answered(Reply<FetchResponse> reply, Map<UUID, String> names) {
        isUnderWay = false;
        var answer = reply.message();
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (code != ErrorCode.NONE) {
            refused(code);
            return;
        }
        failuresCount = 0;
        session.answered(answer.sessionId());
        asked.values().forEach(position -> position.troubled(null));
        var frame = new SharedFrame(reply.takeFrame());
        try {
            for (var topic : answer.responses()) {
                var name = topic.topicId().equals(Message.ZERO_UUID) ? topic.topic() : names.get(topic.topicId());
                for (var partition : topic.partitions()) {
                    var position =
                            name == null ? null : asked.get(new TopicPartition(name, partition.partitionIndex()));
                    if (position != null) {
                        answered(position, partition, answer.nodeEndpoints(), frame);
                    }
                }
            }
        } finally {
            frame.release();
        }
        owner.fetchSoon();
    }

    private void answered(
            FetchPosition position,
            FetchResponse.Partition answer,
            List<FetchResponse.NodeEndpoint> nodes,
            SharedFrame frame) {
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        if (code == ErrorCode.NONE) {
            owner.heardEnd(
                    position.partition(), config.readsCommitted() ? answer.lastStableOffset() : answer.highWatermark());
            if (answer.records() instanceof BufferRecords records && records.sizeInBytes() > 0) {
                take(position, records.bytes(), answer.abortedTransactions(), frame);
            }
        } else if (code.isRetriable() && code != ErrorCode.CORRUPT_MESSAGE) {
            position.blockUntil(runtime.clock().nanos() + Retries.backoffNanos(2, runtime));
            position.troubled(refusal(position, code));
            owner.leaderMoved(position.partition(), LeaderHint.of(answer.currentLeader(), nodes));
        } else if (code == ErrorCode.OFFSET_OUT_OF_RANGE) {
            owner.outOfRange(position);
        } else {
            owner.failed(List.of(position), refusal(position, code));
        }
    }

    private static ClientException refusal(FetchPosition position, ErrorCode code) {
        return ClientException.answered(
                "reading " + position.partition() + " at offset " + position.nextOffset(), code, null);
    }

    /** Prefetching goes on behind the last whole batch, whether or not the application has polled. */
    private void take(
            FetchPosition position,
            ByteBuffer records,
            @Nullable List<FetchResponse.AbortedTransaction> aborted,
            SharedFrame frame) {
        var from = position.nextOffset();
        var next = from;
        var wholeBytes = 0;
        RuntimeException damage = null;
        try {
            for (var batch : RecordBatches.in(records)) {
                next = batch.nextOffset();
                wholeBytes += batch.sizeInBytes();
            }
        } catch (CorruptRecordException | UnsupportedMagicException e) {
            damage = e;
        }
        if (next > from) {
            position.advanceTo(next);
            var whole = records.slice(records.position(), wholeBytes);
            owner.fetched(new FetchedChunk(
                    position.partition(),
                    whole,
                    aborted == null ? List.of() : aborted,
                    from,
                    next,
                    position.generation(),
                    frame.hold()));
        }
        if (damage != null) {
            owner.failed(List.of(position), damaged(position, damage));
        }
    }

    private static ClientException damaged(FetchPosition position, RuntimeException damage) {
        return new ClientException(
                ErrorCode.CORRUPT_MESSAGE,
                "what lies at offset " + position.nextOffset() + " of " + position.partition() + " is no record batch: "
                        + damage.getMessage(),
                damage);
    }

    private void refused(ErrorCode code) {
        session.reset();
        var isSessionLost =
                code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND || code == ErrorCode.INVALID_FETCH_SESSION_EPOCH;
        if (isSessionLost) {
            owner.fetchSoon();
        } else {
            giveUpUnlessRetriable(ClientException.answered("fetch", code, null));
        }
    }

    private void failed(ClientException failure) {
        isUnderWay = false;
        session.reset();
        giveUpUnlessRetriable(failure);
    }

    private void giveUpUnlessRetriable(ClientException failure) {
        if (failure.isRetriable()) {
            asked.values().forEach(position -> position.troubled(failure));
            backOff();
        } else {
            owner.failed(asked.values(), failure);
        }
    }

    private void backOff() {
        var nanos = Retries.backoffNanos(failuresCount++, runtime);
        blockedUntilNanos = runtime.clock().nanos() + nanos;
        asked.keySet().forEach(partition -> owner.leaderMoved(partition, Optional.empty()));
    }
}
