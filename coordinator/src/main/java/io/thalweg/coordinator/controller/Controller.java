package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.QuorumState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Follows the metadata log, publishes the images it leads to, and while this node leads the log decides requests.
 *
 * <p><b>Threads.</b> Any thread may call. Replies complete and the listener is called on the controller's event loop.
 *
 * <p><b>Ordering.</b> A reply completes after the image with what was asked for has been published. Requests are decided in the order they
 * reach the event loop.
 *
 * <p><b>Errors.</b> A stage fails with {@link ControllerException} only: NOT_CONTROLLER where another node leads or leadership was lost
 * meanwhile, REQUEST_TIMED_OUT when too many wait. Everything else is an error code in the reply.
 *
 * <p><b>Close.</b> Idempotent; everything that waits fails. The log and the event loop belong to the caller.
 */
public final class Controller implements AutoCloseable {

    /** Sessions are looked at so many times within one timeout. */
    private static final int CHECKS_PER_SESSION = 4;

    private final ControllerRuntime runtime;
    private final ControllerConfig config;
    private final MetadataLog log;
    private final BrokerSessions sessions;
    private final RandomIds ids;
    private final Elections elections;
    private final BrokerHeartbeatDecider heartbeats;
    private final ConfigSchema schema;
    private final ProposalLoop proposals;
    private final VoterChanges voterChanges;
    private final Map<ApiKey, Decider<?, ?>> deciders;
    private volatile boolean isClosed;

    public Controller(
            ControllerRuntime runtime,
            ControllerConfig config,
            MetadataLog log,
            ConfigSchema schema,
            ImageListener listener) {
        this.runtime = runtime;
        this.config = config;
        this.log = log;
        this.schema = schema;
        this.sessions = new BrokerSessions(runtime.clock(), config.sessionTimeout());
        this.ids = new RandomIds(runtime.random());
        this.elections = new Elections(schema, sessions);
        this.heartbeats = new BrokerHeartbeatDecider(sessions, elections);
        this.deciders = deciders(schema);
        this.voterChanges = new VoterChanges(log, runtime.loop());
        this.proposals = new ProposalLoop(runtime.loop(), log, listener, this::lead, config.limits());
    }

    private Map<ApiKey, Decider<?, ?>> deciders(ConfigSchema schema) {
        var placement = new ReplicaPlacement(runtime.random());
        var table = new EnumMap<ApiKey, Decider<?, ?>>(ApiKey.class);
        table.put(ApiKey.CREATE_TOPICS, new CreateTopicsDecider(config.topics(), schema, ids, placement));
        table.put(ApiKey.DELETE_TOPICS, new DeleteTopicsDecider(config.topics().deletionEnabled()));
        table.put(ApiKey.CREATE_PARTITIONS, new CreatePartitionsDecider(placement));
        table.put(ApiKey.ALTER_CONFIGS, new AlterConfigsDecider(schema, elections));
        table.put(ApiKey.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsDecider(schema, elections));
        table.put(ApiKey.ALTER_CLIENT_QUOTAS, new AlterClientQuotasDecider());
        table.put(ApiKey.ELECT_LEADERS, new ElectLeadersDecider(elections));
        table.put(ApiKey.ALTER_PARTITION_REASSIGNMENTS, new ReassignmentDecider(elections));
        table.put(ApiKey.UNREGISTER_BROKER, new UnregisterBrokerDecider(elections));
        table.put(ApiKey.UPDATE_FEATURES, new UpdateFeaturesDecider());
        table.put(ApiKey.DESCRIBE_QUORUM, new DescribeQuorumDecider(log::quorum));
        table.put(ApiKey.ADD_RAFT_VOTER, new AddRaftVoterDecider(log::quorum));
        table.put(ApiKey.REMOVE_RAFT_VOTER, new RemoveRaftVoterDecider(log::quorum));
        table.put(ApiKey.ALTER_PARTITION, new AlterPartitionDecider(elections));
        table.put(ApiKey.ASSIGN_REPLICAS_TO_DIRS, new AssignReplicasToDirsDecider(elections));
        table.put(ApiKey.ALLOCATE_PRODUCER_IDS, new AllocateProducerIdsDecider());
        table.put(ApiKey.BROKER_REGISTRATION, new BrokerRegistrationDecider(sessions, elections));
        table.put(ApiKey.BROKER_HEARTBEAT, heartbeats);
        return table;
    }

    /** Starts to follow the log; once. */
    public void start() {
        log.subscribe(proposals);
        config.sessionTimeout().ifPresent(this::watchSessions);
        config.rebalanceInterval().ifPresent(this::rebalance);
    }

    private void rebalance(Duration interval) {
        runtime.timers().schedule(interval.toNanos(), () -> {
            if (!isClosed) {
                proposals.submit(new PreferredLeaders(elections));
                rebalance(interval);
            }
        });
    }

    private void watchSessions(Duration timeout) {
        runtime.timers().schedule(timeout.toNanos() / CHECKS_PER_SESSION, () -> {
            if (!isClosed) {
                proposals.submit(new SessionEnd(sessions, heartbeats));
                watchSessions(timeout);
            }
        });
    }

    private Work lead(MetadataImage image) {
        sessions.restart(image);
        return new ClusterStart(config, ids);
    }

    /**
     * Decides a request of one of these keys: CreateTopics, DeleteTopics, CreatePartitions, AlterConfigs, IncrementalAlterConfigs,
     * ElectLeaders, AlterPartitionReassignments, UnregisterBroker, UpdateFeatures, DescribeQuorum, AddRaftVoter, RemoveRaftVoter; of
     * brokers: AlterPartition, AssignReplicasToDirs, AllocateProducerIds, BrokerRegistration, BrokerHeartbeat.
     *
     * @param request kept until the reply; must not refer to lent buffers
     * @param replyType the response of that key, or a supertype
     */
    public <R extends ResponseMessage> CompletionStage<R> submit(RequestMessage request, Class<R> replyType) {
        var decider = deciders.get(request.apiKey());
        if (decider == null) {
            return CompletableFuture.failedFuture(new ControllerException(
                    ErrorCode.UNSUPPORTED_VERSION, request.apiKey() + " is not decided by the controller"));
        }
        var work = work(decider, request, replyType);
        proposals.submit(work);
        return work.stage().thenCompose(reply -> voterChanges.carryOut(request, reply, replyType));
    }

    /** Makes a topic of logs that were there before the cluster, unless there is one of that name or id. */
    public CompletionStage<Void> adopt(AdoptedTopic topic) {
        var work = new Adoption(topic, schema);
        proposals.submit(work);
        return work.stage();
    }

    @SuppressWarnings("unchecked") // the table pairs each key with the decider of its request type
    private static <Q extends RequestMessage, R extends ResponseMessage> RequestWork<Q, R> work(
            Decider<Q, ?> decider, RequestMessage request, Class<R> replyType) {
        return new RequestWork<>(decider, (Q) request, replyType);
    }

    /**
     * Completes, on the event loop, once everything that was committed before the call, on whatever node, has been published here; fails
     * where that cannot be known.
     */
    public CompletionStage<Void> barrier() {
        try {
            var reached = new CompletableFuture<Void>();
            log.barrier().whenComplete((offset, failure) -> {
                if (failure == null) {
                    proposals.afterWhatWasTold(() -> reached.complete(null));
                } else {
                    reached.completeExceptionally(failure);
                }
            });
            return reached;
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Fences a broker of which it is known that its process has ended, in this life of it only, unless another node leads. Any thread.
     *
     * @param epoch that of the life which has ended
     */
    public void brokerDied(int brokerId, long epoch) {
        proposals.submit(new BrokerDeath(sessions, heartbeats, brokerId, epoch));
    }

    /** Who is in the metadata quorum, as far as this node knows; any thread. */
    public QuorumState quorum() {
        return log.quorum();
    }

    @Override
    public void close() {
        isClosed = true;
        proposals.close();
    }
}
