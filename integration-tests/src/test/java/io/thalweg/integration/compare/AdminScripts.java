package io.thalweg.integration.compare;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.serialization.StringSerializer;

/** What an administrator does with each method of Kafka's Admin, and what comes of it, as text without what differs by chance. */
final class AdminScripts {

    private static final String TOPIC = "orders";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition UNKNOWN = new TopicPartition("unknown", 0);
    private static final ConfigResource OF_TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    private static final ConfigResource OF_BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource OF_ALL = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource OF_GROUP = new ConfigResource(ConfigResource.Type.GROUP, "readers");
    private static final ConfigResource OF_METRICS = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "usage");

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String bootstrap;
    private final Admin admin;
    private final Map<String, String> awaited;
    private final Map<String, String> outcomes = new LinkedHashMap<>();

    private AdminScripts(String bootstrap, Admin admin, Map<String, String> awaited) {
        this.bootstrap = bootstrap;
        this.admin = admin;
        this.awaited = awaited;
    }

    /**
     * What comes of each step, in order.
     *
     * @param awaited outcomes that a step may need some time to have: Kafka's controller answers before its brokers know
     */
    static Map<String, String> run(String bootstrap, Map<String, String> awaited) throws Exception {
        try (var admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrap, "default.api.timeout.ms", 20_000, "request.timeout.ms", 10_000))) {
            var scripts = new AdminScripts(bootstrap, admin, awaited);
            scripts.topics();
            scripts.partitions();
            scripts.records();
            scripts.configs();
            scripts.groups();
            scripts.replicas();
            scripts.quotas();
            scripts.cluster();
            return scripts.outcomes;
        }
    }

    private interface Step {
        Object run() throws Exception;
    }

    private void step(String name, Step step) throws Exception {
        var outcome = outcome(step);
        var deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!awaited.getOrDefault(name, outcome).equals(outcome) && System.nanoTime() < deadline) {
            outcome = outcome(step);
        }
        outcomes.put(name, outcome);
    }

    private static String outcome(Step step) throws Exception {
        try {
            return String.valueOf(step.run());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause()).getClass().getSimpleName();
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }

    private void done(String name, java.util.function.Supplier<KafkaFuture<?>> call) throws Exception {
        step(name, () -> {
            call.get().get();
            return "done";
        });
    }

    private static NewTopic topic(String name, int partitions, int replicas) {
        return new NewTopic(name, partitions, (short) replicas);
    }

    private void topics() throws Exception {
        step("create a topic", () -> {
            var created = admin.createTopics(List.of(topic(TOPIC, 3, 1).configs(Map.of("retention.ms", "86400000"))));
            var config = created.config(TOPIC).get().get("retention.ms");
            return created.numPartitions(TOPIC).get() + " "
                    + created.replicationFactor(TOPIC).get() + " " + config.value() + " " + config.source();
        });
        done(
                "create it again",
                () -> admin.createTopics(List.of(topic(TOPIC, 3, 1))).all());
        done(
                "create with a bad name",
                () -> admin.createTopics(List.of(topic("a b", 1, 1))).all());
        done(
                "create without partitions",
                () -> admin.createTopics(List.of(topic("none", 0, 1))).all());
        done(
                "create with too many replicas",
                () -> admin.createTopics(List.of(topic("many", 1, 2))).all());
        done(
                "create with a bad setting",
                () -> admin.createTopics(List.of(topic("bad", 1, 1).configs(Map.of("retention.ms", "soon"))))
                        .all());
        done(
                "create somewhere",
                () -> admin.createTopics(List.of(new NewTopic("placed", Map.of(0, List.of(1)))))
                        .all());
        done(
                "create nowhere",
                () -> admin.createTopics(List.of(new NewTopic("lost", Map.of(0, List.of(9)))))
                        .all());
        done(
                "only try to create",
                () -> admin.createTopics(List.of(topic("tried", 1, 1)), new CreateTopicsOptions().validateOnly(true))
                        .all());
        step("list topics", () -> new TreeSet<>(admin.listTopics().names().get()));
        step(
                "list topics with internal ones",
                () -> admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names()
                        .get()
                        .contains(TOPIC));
        step("describe a topic", () -> {
            var described = admin.describeTopics(
                            List.of(TOPIC), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues()
                    .get(TOPIC)
                    .get();
            return described.isInternal() + " "
                    + described.partitions().toString().replace(bootstrap, "broker") + " "
                    + new TreeSet<>(described.authorizedOperations());
        });
        done(
                "describe an unknown topic",
                () -> admin.describeTopics(List.of("unknown")).allTopicNames());
        done(
                "describe an unknown id",
                () -> admin.describeTopics(TopicCollection.ofTopicIds(List.of(new Uuid(7, 7))))
                        .allTopicIds());
        done("delete a topic", () -> admin.deleteTopics(List.of("placed")).all());
        done("delete it again", () -> admin.deleteTopics(List.of("placed")).all());
        done(
                "delete an unknown id",
                () -> admin.deleteTopics(TopicCollection.ofTopicIds(List.of(new Uuid(7, 7))))
                        .all());
    }

    private void partitions() throws Exception {
        done(
                "more partitions",
                () -> admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4)))
                        .all());
        done(
                "as many partitions",
                () -> admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4)))
                        .all());
        done(
                "fewer partitions",
                () -> admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(2)))
                        .all());
        done(
                "partitions of an unknown topic",
                () -> admin.createPartitions(Map.of("unknown", NewPartitions.increaseTo(2)))
                        .all());
        done(
                "partitions nowhere",
                () -> admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(5, List.of(List.of(9)))))
                        .all());
        done(
                "only try partitions",
                () -> admin.createPartitions(
                                Map.of(TOPIC, NewPartitions.increaseTo(6)),
                                new CreatePartitionsOptions().validateOnly(true))
                        .all());
    }

    private void records() throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new StringSerializer(),
                new StringSerializer())) {
            for (var record = 0; record < 10; record++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, 1_000_000L + record * 10L, null, "v" + record))
                        .get();
            }
            step(
                    "describe producers",
                    () ->
                            admin
                                    .describeProducers(List.of(FIRST))
                                    .partitionResult(FIRST)
                                    .get()
                                    .activeProducers()
                                    .stream()
                                    .map(each -> each.producerEpoch() + " " + each.lastSequence() + " "
                                            + each.lastTimestamp() + " " + each.coordinatorEpoch() + " "
                                            + each.currentTransactionStartOffset())
                                    .toList());
        }
        step(
                "describe producers of none",
                () -> admin.describeProducers(List.of(new TopicPartition(TOPIC, 1)))
                        .partitionResult(new TopicPartition(TOPIC, 1))
                        .get()
                        .activeProducers());
        var specs = new LinkedHashMap<String, OffsetSpec>();
        specs.put("earliest", OffsetSpec.earliest());
        specs.put("latest", OffsetSpec.latest());
        specs.put("max timestamp", OffsetSpec.maxTimestamp());
        specs.put("local", OffsetSpec.earliestLocal());
        specs.put("tiered", OffsetSpec.latestTiered());
        specs.put("at a time", OffsetSpec.forTimestamp(1_000_035));
        specs.put("after all", OffsetSpec.forTimestamp(2_000_000));
        for (var spec : specs.entrySet()) {
            step("offset " + spec.getKey(), () -> {
                var offset = admin.listOffsets(Map.of(FIRST, spec.getValue()))
                        .partitionResult(FIRST)
                        .get();
                return offset.offset() + " " + offset.timestamp() + " "
                        + offset.leaderEpoch().isPresent();
            });
        }
        step(
                "delete records",
                () -> admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(4)))
                        .lowWatermarks()
                        .get(FIRST)
                        .get()
                        .lowWatermark());
        done(
                "delete more records than there are",
                () -> admin.deleteRecords(Map.of(FIRST, RecordsToDelete.beforeOffset(40)))
                        .all());
        step(
                "earliest after deletion",
                () -> admin.listOffsets(Map.of(FIRST, OffsetSpec.earliest()))
                        .partitionResult(FIRST)
                        .get()
                        .offset());
    }

    private static String shown(ConfigEntry entry) {
        return entry.name() + "=" + entry.value() + " " + entry.source() + " " + entry.type()
                + (entry.isSensitive() ? " secret" : "") + (entry.isReadOnly() ? " fixed" : "");
    }

    private Map<String, ConfigEntry> described(ConfigResource resource) throws Exception {
        var options = new DescribeConfigsOptions().includeSynonyms(true).includeDocumentation(true);
        var byName = new TreeMap<String, ConfigEntry>();
        admin.describeConfigs(List.of(resource), options)
                .all()
                .get()
                .get(resource)
                .entries()
                .forEach(entry -> byName.put(entry.name(), entry));
        return byName;
    }

    private void configs() throws Exception {
        step(
                "settings of a topic",
                () -> described(OF_TOPIC).values().stream()
                        .filter(entry -> !entry.name().equals("durability")
                                && !entry.name().equals("min.insync.replicas"))
                        .map(AdminScripts::shown)
                        .collect(Collectors.joining("\n", "\n", "\n")));
        step(
                "synonyms of a setting",
                () -> described(OF_TOPIC).get("retention.ms").synonyms());
        step(
                "all settings are documented",
                () -> described(OF_TOPIC).values().stream()
                        .allMatch(entry -> entry.documentation() != null
                                && !entry.documentation().isEmpty()));
        step(
                "settings of all brokers",
                () -> described(OF_ALL).values().stream()
                        .map(AdminScripts::shown)
                        .toList());
        step(
                "names of settings of a broker",
                () -> described(OF_BROKER).keySet().stream()
                        .filter(name -> !isOurs(name))
                        .collect(Collectors.joining("\n", "\n", "\n")));
        step(
                "settings of a group",
                () -> described(OF_GROUP).values().stream()
                        .filter(entry -> !entry.name().equals("consumer.assignment.interval.ms"))
                        .map(AdminScripts::shown)
                        .collect(Collectors.joining("\n", "\n", "\n")));
        step(
                "settings of client metrics",
                () -> described(OF_METRICS).values().stream()
                        .map(AdminScripts::shown)
                        .toList());
        step("settings of an unknown topic", () -> described(new ConfigResource(ConfigResource.Type.TOPIC, "unknown")));
        step("settings of an unknown broker", () -> described(new ConfigResource(ConfigResource.Type.BROKER, "9")));
        change("set a setting", OF_TOPIC, "retention.ms", "1000", OpType.SET);
        change("append to a list", OF_TOPIC, "cleanup.policy", "compact", OpType.APPEND);
        step("appended", () -> described(OF_TOPIC).get("cleanup.policy").value());
        change("subtract from a list", OF_TOPIC, "cleanup.policy", "compact", OpType.SUBTRACT);
        change("append to what is no list", OF_TOPIC, "retention.ms", "1", OpType.APPEND);
        change("unset a setting", OF_TOPIC, "retention.ms", "", OpType.DELETE);
        step("unset", () -> described(OF_TOPIC).get("retention.ms").source());
        change("set to nonsense", OF_TOPIC, "retention.ms", "soon", OpType.SET);
        change("set what nobody knows", OF_TOPIC, "retention.mss", "1", OpType.SET);
        change(
                "set for an unknown topic",
                new ConfigResource(ConfigResource.Type.TOPIC, "unknown"),
                "retention.ms",
                "1",
                OpType.SET);
        change("set for a broker", OF_BROKER, "log.retention.ms", "1000000", OpType.SET);
        change("set what is fixed", OF_BROKER, "node.id", "2", OpType.SET);
        change("set for all brokers", OF_ALL, "log.retention.ms", "2000000", OpType.SET);
        step(
                "set for brokers",
                () -> described(OF_BROKER).get("log.retention.ms").synonyms().stream()
                        .limit(2)
                        .toList());
        change("set for a group", OF_GROUP, "consumer.session.timeout.ms", "50000", OpType.SET);
        change("set too little for a group", OF_GROUP, "consumer.session.timeout.ms", "1", OpType.SET);
        change("set for client metrics", OF_METRICS, "interval.ms", "1000", OpType.SET);
        change("set nonsense for client metrics", OF_METRICS, "interval.ms", "1", OpType.SET);
        step(
                "only try to set",
                () -> admin.incrementalAlterConfigs(
                                Map.of(
                                        OF_TOPIC,
                                        List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "5"), OpType.SET))),
                                new AlterConfigsOptions().validateOnly(true))
                        .all()
                        .get());
        step("tried", () -> described(OF_TOPIC).get("retention.ms").source());
        step("who has settings", () -> names(admin.listConfigResources().all().get()));
        step(
                "which groups have settings",
                () -> names(admin.listConfigResources(
                                Set.of(ConfigResource.Type.GROUP),
                                new org.apache.kafka.clients.admin.ListConfigResourcesOptions())
                        .all()
                        .get()));
    }

    private static boolean isOurs(String name) {
        return name.startsWith("storage")
                || name.startsWith("shard")
                || name.endsWith("durability")
                || name.endsWith("throttled.rate")
                || Set.of(
                                "socket.request.timeout.ms",
                                "metrics.listen",
                                "log.dirs.forget",
                                "group.consumer.assignor.offload.enable",
                                "replica.alter.log.dirs.io.max.bytes.per.second")
                        .contains(name);
    }

    private static Collection<String> names(Collection<ConfigResource> resources) {
        return resources.stream()
                .map(each -> each.type() + " " + each.name())
                .filter(name -> !name.contains("__"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void change(String step, ConfigResource resource, String name, String value, OpType type) throws Exception {
        var change = new AlterConfigOp(new ConfigEntry(name, value), type);
        done(
                step,
                () -> admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                        .all());
    }

    private void groups() throws Exception {
        var committed = Map.of(FIRST, new OffsetAndMetadata(5, Optional.of(0), "note"));
        step(
                "offsets of an unknown group",
                () -> admin.listConsumerGroupOffsets("nobody")
                        .partitionsToOffsetAndMetadata()
                        .get());
        done(
                "describe an unknown group",
                () -> admin.describeConsumerGroups(List.of("nobody")).all());
        done(
                "describe an unknown classic group",
                () -> admin.describeClassicGroups(List.of("nobody")).all());
        done(
                "commit for a new group",
                () -> admin.alterConsumerGroupOffsets("readers", committed).all());
        done(
                "commit for an unknown topic",
                () -> admin.alterConsumerGroupOffsets("readers", Map.of(UNKNOWN, new OffsetAndMetadata(1)))
                        .all());
        step(
                "offsets of a group",
                () -> admin.listConsumerGroupOffsets(Map.of(
                                "readers", new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(FIRST, UNKNOWN))))
                        .partitionsToOffsetAndMetadata("readers")
                        .get()
                        .toString());
        step("describe a group", () -> {
            var group = admin.describeConsumerGroups(
                            List.of("readers"), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                    .all()
                    .get()
                    .get("readers");
            return group.type() + " " + group.groupState() + " " + group.members() + " "
                    + group.coordinator().id() + " " + new TreeSet<>(group.authorizedOperations());
        });
        step(
                "describe a classic group",
                () -> admin.describeClassicGroups(List.of("readers"))
                        .all()
                        .get()
                        .get("readers")
                        .state());
        step("list groups", () -> admin.listGroups().all().get().toString());
        step(
                "list groups by state",
                () -> admin.listGroups(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)))
                        .all()
                        .get());
        step(
                "list groups by type",
                () -> admin.listGroups(new ListGroupsOptions().withTypes(EnumSet.of(GroupType.CLASSIC)))
                        .all()
                        .get());
        step(
                "list groups by protocol",
                () -> admin.listGroups(new ListGroupsOptions().withProtocolTypes(Set.of("connect")))
                        .all()
                        .get());
        done(
                "remove nobody",
                () -> admin.removeMembersFromConsumerGroup(
                                "readers",
                                new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("nobody"))))
                        .all());
        done(
                "remove all of nobody",
                () -> admin.removeMembersFromConsumerGroup("readers", new RemoveMembersFromConsumerGroupOptions())
                        .all());
        done(
                "delete an offset",
                () -> admin.deleteConsumerGroupOffsets("readers", Set.of(FIRST)).all());
        done(
                "delete an unknown offset",
                () -> admin.deleteConsumerGroupOffsets("readers", Set.of(UNKNOWN))
                        .all());
        done(
                "delete an offset of nobody",
                () -> admin.deleteConsumerGroupOffsets("nobody", Set.of(FIRST)).all());
        done(
                "commit again",
                () -> admin.alterConsumerGroupOffsets("readers", committed).all());
        done(
                "delete a group",
                () -> admin.deleteConsumerGroups(List.of("readers")).all());
        done(
                "delete it again",
                () -> admin.deleteConsumerGroups(List.of("readers")).all());
    }

    private void replicas() throws Exception {
        step(
                "log directories",
                () -> admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
                        .map(each ->
                                (each.error() == null) + " " + each.totalBytes().isPresent() + " "
                                        + each.replicaInfos().keySet().stream()
                                                .filter(key -> key.topic().equals(TOPIC))
                                                .count())
                        .toList());
        done(
                "log directories of an unknown broker",
                () -> admin.describeLogDirs(List.of(9)).allDescriptions());
        var replica = new TopicPartitionReplica(TOPIC, 0, 1);
        step("log directory of a replica", () -> {
            var found =
                    admin.describeReplicaLogDirs(List.of(replica)).all().get().get(replica);
            return found.getCurrentReplicaOffsetLag() + " " + (found.getCurrentReplicaLogDir() != null) + " "
                    + found.getFutureReplicaLogDir();
        });
        done(
                "move to an unknown directory",
                () -> admin.alterReplicaLogDirs(Map.of(replica, "/nowhere")).all());
        step(
                "elect all preferred",
                () -> admin.electLeaders(ElectionType.PREFERRED, null)
                        .partitions()
                        .get());
        step(
                "elect one",
                () -> admin.electLeaders(ElectionType.PREFERRED, Set.of(FIRST)).partitions().get().values().stream()
                        .map(each -> each.map(problem -> problem.getClass().getSimpleName()))
                        .toList());
        step(
                "elect an unknown one",
                () -> admin.electLeaders(ElectionType.UNCLEAN, Set.of(UNKNOWN)).partitions().get().values().stream()
                        .map(each -> each.map(problem -> problem.getClass().getSimpleName()))
                        .toList());
        done("reassign to the same", () -> reassign(FIRST, Optional.of(new NewPartitionReassignment(List.of(1)))));
        done("reassign to nobody", () -> reassign(FIRST, Optional.of(new NewPartitionReassignment(List.of(9)))));
        done("reassign an unknown one", () -> reassign(UNKNOWN, Optional.of(new NewPartitionReassignment(List.of(1)))));
        done("cancel what is not under way", () -> reassign(FIRST, Optional.empty()));
        step(
                "list reassignments",
                () -> admin.listPartitionReassignments().reassignments().get());
        step(
                "list reassignments of an unknown one",
                () -> admin.listPartitionReassignments(Set.of(UNKNOWN))
                        .reassignments()
                        .get());
    }

    private KafkaFuture<Void> reassign(TopicPartition partition, Optional<NewPartitionReassignment> target) {
        return admin.alterPartitionReassignments(Map.of(partition, target)).all();
    }

    private static ClientQuotaEntity entity(String... typesAndNames) {
        var entries = new TreeMap<String, String>();
        for (var i = 0; i < typesAndNames.length; i += 2) {
            entries.put(typesAndNames[i], typesAndNames[i + 1]);
        }
        return new ClientQuotaEntity(entries);
    }

    private void quota(String step, ClientQuotaEntity entity, String key, Double value) throws Exception {
        done(
                step,
                () -> admin.alterClientQuotas(List.of(
                                new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                        .all());
    }

    private void quotas() throws Exception {
        quota("quota of a client", entity("client-id", "one"), "producer_byte_rate", 1e6);
        quota("quota of a user", entity("user", "two"), "consumer_byte_rate", 2e6);
        quota("quota of a user's client", entity("user", "two", "client-id", null), "request_percentage", 12.5);
        quota("quota of an address", entity("ip", "127.0.0.9"), "connection_creation_rate", 5.0);
        quota("quota of a name that is no address", entity("ip", "no address"), "connection_creation_rate", 5.0);
        quota("quota of nobody", entity(), "producer_byte_rate", 1e6);
        quota("quota of an unknown kind", entity("group", "x"), "producer_byte_rate", 1e6);
        quota("unknown quota", entity("user", "two"), "speed", 1.0);
        quota("quota of 0", entity("user", "two"), "producer_byte_rate", 0.0);
        quota("quota below 0", entity("user", "two"), "producer_byte_rate", -1.0);
        quota("half a byte", entity("user", "two"), "producer_byte_rate", 0.5);
        quota("address and user", entity("user", "two", "ip", "127.0.0.9"), "connection_creation_rate", 1.0);
        quota("take back what is not set", entity("user", "three"), "producer_byte_rate", null);
        step("all quotas", () -> new TreeMap<>(quotas(ClientQuotaFilter.all())));
        step(
                "quotas of users",
                () -> new TreeMap<>(
                        quotas(ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntityType("user"))))));
        step(
                "quotas of users only",
                () -> new TreeMap<>(quotas(
                        ClientQuotaFilter.containsOnly(List.of(ClientQuotaFilterComponent.ofEntityType("user"))))));
        step(
                "quotas of any client",
                () -> new TreeMap<>(quotas(
                        ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofDefaultEntity("client-id"))))));
        step(
                "quotas of an unknown kind",
                () -> quotas(ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity("group", "x")))));
        step(
                "quotas of a kind twice",
                () -> quotas(ClientQuotaFilter.contains(List.of(
                        ClientQuotaFilterComponent.ofEntity("user", "x"),
                        ClientQuotaFilterComponent.ofEntity("user", "y")))));
        quota("take a quota back", entity("client-id", "one"), "producer_byte_rate", null);
        step("quotas that are left", () -> quotas(ClientQuotaFilter.all()).size());
    }

    private Map<String, Object> quotas(ClientQuotaFilter filter) throws Exception {
        var byName = new TreeMap<String, Object>();
        admin.describeClientQuotas(filter)
                .entities()
                .get()
                .forEach((entity, values) ->
                        byName.put(new TreeMap<>(entity.entries()).toString(), new TreeMap<>(values)));
        return byName;
    }

    private void cluster() throws Exception {
        step("describe the cluster", () -> {
            var cluster = admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));
            return cluster.nodes().get().stream()
                            .map(node -> node.id() + " " + node.rack() + " " + node.isFenced())
                            .toList()
                    + " " + cluster.controller().get().id() + " "
                    + new TreeSet<>(cluster.authorizedOperations().get());
        });
        step(
                "describe fenced brokers too",
                () -> admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
                        .nodes()
                        .get()
                        .size());
        step("features", () -> {
            var features = admin.describeFeatures().featureMetadata().get();
            return new TreeMap<>(features.finalizedFeatures()) + " of " + new TreeMap<>(features.supportedFeatures());
        });
        feature("an unknown feature", "speed.version", 1, UpgradeType.UPGRADE);
        feature("a feature as it is", "group.version", 1, UpgradeType.UPGRADE);
        feature("a feature too far", "group.version", 9, UpgradeType.UPGRADE);
        feature("a feature back", "group.version", 0, UpgradeType.SAFE_DOWNGRADE);
        feature("a feature forth", "group.version", 1, UpgradeType.UPGRADE);
        step("only try a feature", () -> {
            admin.updateFeatures(
                            Map.of("group.version", new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)),
                            new UpdateFeaturesOptions().validateOnly(true))
                    .all()
                    .get();
            return admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get("group.version");
        });
        step("describe the quorum", () -> {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            return quorum.leaderId() + " "
                    + quorum.voters().stream().map(each -> each.replicaId()).toList() + " "
                    + quorum.observers().size() + " " + (quorum.highWatermark() > 0);
        });
        done("unregister an unknown broker", () -> admin.unregisterBroker(9).all());
        done(
                "add a voter",
                () -> admin.addRaftVoter(9, new Uuid(1, 9), Set.of(new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", 9)))
                        .all());
        done("remove a voter", () -> admin.removeRaftVoter(9, new Uuid(1, 9)).all());
        step("instance id of a client", () -> admin.clientInstanceId(java.time.Duration.ofSeconds(5)));
    }

    private void feature(String step, String name, int level, UpgradeType type) throws Exception {
        done(
                step,
                () -> admin.updateFeatures(
                                Map.of(name, new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions())
                        .all());
    }
}
