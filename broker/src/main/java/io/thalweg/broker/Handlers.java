package io.thalweg.broker;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.GroupKeys;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.FeatureRange;
import io.thalweg.broker.metadata.ReplicaMoves;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.broker.request.AddRaftVoterHandler;
import io.thalweg.broker.request.AlterClientQuotasHandler;
import io.thalweg.broker.request.AlterConfigsHandler;
import io.thalweg.broker.request.AlterPartitionReassignmentsHandler;
import io.thalweg.broker.request.AlterReplicaLogDirsHandler;
import io.thalweg.broker.request.ApiVersionsHandler;
import io.thalweg.broker.request.ConsumerGroupDescribeHandler;
import io.thalweg.broker.request.ConsumerGroupHeartbeatHandler;
import io.thalweg.broker.request.ControllerRequestHandler;
import io.thalweg.broker.request.CreatePartitionsHandler;
import io.thalweg.broker.request.CreateTopicsHandler;
import io.thalweg.broker.request.DeleteGroupsHandler;
import io.thalweg.broker.request.DeleteRecordsHandler;
import io.thalweg.broker.request.DeleteTopicsHandler;
import io.thalweg.broker.request.DescribeClientQuotasHandler;
import io.thalweg.broker.request.DescribeClusterHandler;
import io.thalweg.broker.request.DescribeConfigsHandler;
import io.thalweg.broker.request.DescribeGroupsHandler;
import io.thalweg.broker.request.DescribeLogDirsHandler;
import io.thalweg.broker.request.DescribeProducersHandler;
import io.thalweg.broker.request.DescribeQuorumHandler;
import io.thalweg.broker.request.DescribeTopicPartitionsHandler;
import io.thalweg.broker.request.ElectLeadersHandler;
import io.thalweg.broker.request.EnvelopeHandler;
import io.thalweg.broker.request.FetchHandler;
import io.thalweg.broker.request.FindCoordinatorHandler;
import io.thalweg.broker.request.GetTelemetrySubscriptionsHandler;
import io.thalweg.broker.request.HeartbeatHandler;
import io.thalweg.broker.request.IncrementalAlterConfigsHandler;
import io.thalweg.broker.request.InitProducerIdHandler;
import io.thalweg.broker.request.JoinGroupHandler;
import io.thalweg.broker.request.LeaveGroupHandler;
import io.thalweg.broker.request.ListConfigResourcesHandler;
import io.thalweg.broker.request.ListGroupsHandler;
import io.thalweg.broker.request.ListOffsetsHandler;
import io.thalweg.broker.request.ListPartitionReassignmentsHandler;
import io.thalweg.broker.request.MetadataHandler;
import io.thalweg.broker.request.OffsetCommitHandler;
import io.thalweg.broker.request.OffsetDeleteHandler;
import io.thalweg.broker.request.OffsetFetchHandler;
import io.thalweg.broker.request.OffsetForLeaderEpochHandler;
import io.thalweg.broker.request.ProduceHandler;
import io.thalweg.broker.request.PushTelemetryHandler;
import io.thalweg.broker.request.RemoveRaftVoterHandler;
import io.thalweg.broker.request.RequestRouter;
import io.thalweg.broker.request.SyncGroupHandler;
import io.thalweg.broker.request.UnregisterBrokerHandler;
import io.thalweg.broker.request.UpdateFeaturesHandler;
import io.thalweg.broker.runtime.World;
import io.thalweg.broker.shard.Shards;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.metadata.ClusterImage;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionResponse;
import io.thalweg.protocol.message.AssignReplicasToDirsRequest;
import io.thalweg.protocol.message.AssignReplicasToDirsResponse;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.protocol.record.DecompressionLimit;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers are made of, and the list of them: the broker's table of contents.
 *
 * @param config the settings the broker was started with
 * @param catalog the settings it knows
 * @param moves null if the storage has no directories
 */
record Handlers(
        ConfigValues config,
        ConfigCatalog catalog,
        ClusterView cluster,
        ControllerChannel controller,
        TopicTable topics,
        Shards shards,
        GroupCoordinators groups,
        @Nullable ReplicaMoves moves,
        World world) {

    /** What clients are answered. */
    RequestRouter router() {
        return clientHandlers().build();
    }

    /** What brokers are answered: the same, and what they ask the controller. */
    RequestRouter interBrokerRouter(Controller decider) {
        return clientHandlers()
                .on(
                        ApiKey.BROKER_REGISTRATION,
                        new ControllerRequestHandler<BrokerRegistrationRequest, BrokerRegistrationResponse>(
                                decider,
                                BrokerRegistrationResponse.class,
                                error -> BrokerRegistrationResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .on(
                        ApiKey.BROKER_HEARTBEAT,
                        new ControllerRequestHandler<BrokerHeartbeatRequest, BrokerHeartbeatResponse>(
                                decider,
                                BrokerHeartbeatResponse.class,
                                error -> BrokerHeartbeatResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .on(
                        ApiKey.ALTER_PARTITION,
                        new ControllerRequestHandler<AlterPartitionRequest, AlterPartitionResponse>(
                                decider,
                                AlterPartitionResponse.class,
                                error -> AlterPartitionResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .on(
                        ApiKey.ASSIGN_REPLICAS_TO_DIRS,
                        new ControllerRequestHandler<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse>(
                                decider,
                                AssignReplicasToDirsResponse.class,
                                error -> AssignReplicasToDirsResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .on(
                        ApiKey.ALLOCATE_PRODUCER_IDS,
                        new ControllerRequestHandler<AllocateProducerIdsRequest, AllocateProducerIdsResponse>(
                                decider,
                                AllocateProducerIdsResponse.class,
                                error -> AllocateProducerIdsResponse.builder()
                                        .errorCode(error.code())
                                        .build()))
                .on(ApiKey.ENVELOPE, new EnvelopeHandler(decider))
                .build();
    }

    private ReplicationThrottle throttle() {
        return ReplicationThrottle.ofLeaders(ReplicationPart.throttling(config, cluster::image, world.clock()));
    }

    private RequestRouter.Builder clientHandlers() {
        var fetchMaxBytes = config.value(ReplicationKeys.FETCH_MAX_BYTES);
        var interBrokerListener = Listeners.of(config, HostName::find).interBrokerName();
        var sendsToClosest = config.find(ReplicationKeys.REPLICA_SELECTOR)
                .filter(name -> name.endsWith("RackAwareReplicaSelector"))
                .isPresent();
        var createsTopics = config.value(ServerKeys.AUTO_CREATE_TOPICS);
        var describedPartitions = config.value(ServerKeys.MAX_REQUEST_PARTITION_SIZE_LIMIT);
        var builder = new RequestRouter.Builder()
                .on(ApiKey.PRODUCE, new ProduceHandler(topics, cluster, shards, world.clock(), Handlers::recordChecker))
                .on(
                        ApiKey.FETCH,
                        new FetchHandler(
                                topics,
                                cluster,
                                shards,
                                fetchMaxBytes,
                                interBrokerListener,
                                sendsToClosest,
                                throttle()))
                .on(ApiKey.LIST_OFFSETS, new ListOffsetsHandler(topics))
                .on(ApiKey.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochHandler(topics))
                .on(ApiKey.DELETE_RECORDS, new DeleteRecordsHandler(topics, shards))
                .on(ApiKey.DESCRIBE_PRODUCERS, new DescribeProducersHandler(topics, shards))
                .on(ApiKey.INIT_PRODUCER_ID, new InitProducerIdHandler(cluster, controller))
                .on(ApiKey.FIND_COORDINATOR, new FindCoordinatorHandler(cluster, groups))
                .on(ApiKey.JOIN_GROUP, new JoinGroupHandler(groups))
                .on(ApiKey.SYNC_GROUP, new SyncGroupHandler(groups))
                .on(ApiKey.HEARTBEAT, new HeartbeatHandler(groups))
                .on(ApiKey.LEAVE_GROUP, new LeaveGroupHandler(groups))
                .on(ApiKey.OFFSET_COMMIT, new OffsetCommitHandler(cluster, groups))
                .on(ApiKey.OFFSET_FETCH, new OffsetFetchHandler(cluster, groups))
                .on(ApiKey.OFFSET_DELETE, new OffsetDeleteHandler(cluster, groups))
                .on(ApiKey.LIST_GROUPS, new ListGroupsHandler(groups))
                .on(ApiKey.DESCRIBE_GROUPS, new DescribeGroupsHandler(groups))
                .on(ApiKey.DELETE_GROUPS, new DeleteGroupsHandler(groups))
                .on(ApiKey.CONSUMER_GROUP_DESCRIBE, new ConsumerGroupDescribeHandler(groups))
                .on(ApiKey.LIST_CONFIG_RESOURCES, new ListConfigResourcesHandler(cluster))
                .on(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, new GetTelemetrySubscriptionsHandler(world.random()))
                .on(ApiKey.PUSH_TELEMETRY, new PushTelemetryHandler())
                .on(ApiKey.METADATA, new MetadataHandler(cluster, controller, createsTopics))
                .on(ApiKey.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(cluster, describedPartitions))
                .on(ApiKey.DESCRIBE_CLUSTER, new DescribeClusterHandler(cluster))
                .on(ApiKey.DESCRIBE_CONFIGS, new DescribeConfigsHandler(cluster, catalog, config))
                .on(ApiKey.ALTER_CONFIGS, new AlterConfigsHandler(controller))
                .on(ApiKey.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsHandler(controller))
                .on(ApiKey.DESCRIBE_CLIENT_QUOTAS, new DescribeClientQuotasHandler(cluster))
                .on(ApiKey.ALTER_CLIENT_QUOTAS, new AlterClientQuotasHandler(controller))
                .on(ApiKey.ELECT_LEADERS, new ElectLeadersHandler(controller))
                .on(ApiKey.ALTER_PARTITION_REASSIGNMENTS, new AlterPartitionReassignmentsHandler(controller))
                .on(ApiKey.LIST_PARTITION_REASSIGNMENTS, new ListPartitionReassignmentsHandler(cluster))
                .on(ApiKey.DESCRIBE_QUORUM, new DescribeQuorumHandler(controller))
                .on(ApiKey.ADD_RAFT_VOTER, new AddRaftVoterHandler(controller))
                .on(ApiKey.REMOVE_RAFT_VOTER, new RemoveRaftVoterHandler(controller))
                .on(ApiKey.UPDATE_FEATURES, new UpdateFeaturesHandler(controller))
                .on(ApiKey.UNREGISTER_BROKER, new UnregisterBrokerHandler(controller))
                .on(ApiKey.CREATE_TOPICS, new CreateTopicsHandler(controller))
                .on(ApiKey.CREATE_PARTITIONS, new CreatePartitionsHandler(controller))
                .on(ApiKey.DELETE_TOPICS, new DeleteTopicsHandler(controller));
        if (moves != null) {
            builder.on(ApiKey.DESCRIBE_LOG_DIRS, new DescribeLogDirsHandler(moves.engine(), topics));
            builder.on(ApiKey.ALTER_REPLICA_LOG_DIRS, new AlterReplicaLogDirsHandler(moves, topics));
        }
        var features = new ArrayList<FeatureRange>();
        if (config.value(GroupKeys.REBALANCE_PROTOCOLS).contains("consumer")) {
            builder.on(ApiKey.CONSUMER_GROUP_HEARTBEAT, new ConsumerGroupHeartbeatHandler(groups));
            features.add(
                    new FeatureRange(ClusterImage.GROUP_VERSION, ClusterImage.GROUP_LEVEL, ClusterImage.GROUP_LEVEL));
        }
        return builder.onAll(ApiKey.API_VERSIONS, apis -> new ApiVersionsHandler(apis, features, cluster));
    }

    private static RecordChecker recordChecker() {
        return new RecordChecker(DecompressionLimit.DEFAULT);
    }
}
