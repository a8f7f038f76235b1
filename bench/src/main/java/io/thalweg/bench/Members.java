package io.thalweg.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Three processes of a peer that form a cluster. Topics have three replicas, two of which have to be in sync. */
final class Members implements Target {

    static final int COUNT = 3;
    private static final int LIMIT_SECONDS = 180;
    private static final int STOP_SECONDS = 30;

    private final Peer peer;
    private final Path directory;
    private final List<Integer> ports;
    private final List<Process> processes = new ArrayList<>();
    private final Admin admin;

    private Members(Peer peer, Path directory, List<Integer> ports) {
        this.peer = peer;
        this.directory = directory;
        this.ports = ports;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrap(),
                "default.api.timeout.ms",
                LIMIT_SECONDS * 1000,
                "reconnect.backoff.max.ms",
                100,
                "retry.backoff.max.ms",
                100));
    }

    /** Starts a cluster on an empty directory; returns when all of its servers are there. */
    static Members start(Peer peer, Path directory) {
        var members = prepare(peer, directory);
        members.launch();
        members.awaitAll();
        return members;
    }

    /** Does what has to be done before a first launch. */
    static Members prepare(Peer peer, Path directory) {
        var ports =
                IntStream.range(0, COUNT).mapToObj(each -> Servers.freePort()).toList();
        var members = new Members(peer, directory, ports);
        try {
            for (var id = 1; id <= COUNT; id++) {
                peer.prepareMember(Files.createDirectories(members.directory(id)), new Seat(id, ports));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return members;
    }

    private Path directory(int id) {
        return directory.resolve("member-" + id);
    }

    /** Launches all, and waits for none. */
    void launch() {
        processes.clear();
        for (var id = 1; id <= COUNT; id++) {
            processes.add(launchOne(id));
        }
    }

    private Process launchOne(int id) {
        try {
            return peer.launchMember(directory(id), new Seat(id, ports));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when every server is a member that clients are told of. */
    void awaitAll() {
        awaitThat(
                "three brokers",
                () -> admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size() == COUNT);
    }

    /** SIGKILL, and no wait for what comes of it. */
    void kill(int id) {
        processes.get(id - 1).destroyForcibly();
    }

    void killAll() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    /** SIGTERM for all at once, as when a machine is shut down; SIGKILL for those that take longer than a machine waits. */
    void stopAll() throws InterruptedException {
        processes.forEach(Process::destroy);
        var giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (var process : processes) {
            if (!process.waitFor(Math.max(0, giveUp - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    /** Returns when each partition has acknowledged a record. */
    void acknowledge(Collection<String> topics, int partitions) {
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                bootstrap(),
                "acks",
                "all",
                "max.block.ms",
                LIMIT_SECONDS * 1000,
                "reconnect.backoff.ms",
                20,
                "reconnect.backoff.max.ms",
                20,
                "retry.backoff.ms",
                20,
                "retry.backoff.max.ms",
                20);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            var sent = new ArrayList<Future<?>>();
            for (var topic : topics) {
                for (var partition = 0; partition < partitions; partition++) {
                    sent.add(producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {1})));
                }
            }
            sent.forEach(each -> await(each, "acknowledge a record"));
        }
    }

    /** Launches one that was killed. */
    void launchAgain(int id) {
        processes.get(id - 1).onExit().join();
        processes.set(id - 1, launchOne(id));
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public String bootstrap() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public Usage usage() {
        return processes.stream()
                .map(process -> Usage.of(process.toHandle()))
                .reduce(Usage::plus)
                .orElseThrow();
    }

    @Override
    public void create(String topic, int partitions, boolean isOnDisk) {
        request(topic, partitions, isOnDisk);
        awaitLed(List.of(topic));
    }

    /** Creates a topic; returns with the answer. */
    void request(String topic, int partitions, boolean isOnDisk) {
        var configs = new HashMap<>(peer.durability(isOnDisk));
        configs.put("min.insync.replicas", "2");
        await(
                admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.of((short) COUNT))
                                .configs(configs)))
                        .all(),
                "create " + topic);
    }

    /** Returns when every partition of these has a leader, as clients see it. */
    void awaitLed(Collection<String> topics) {
        awaitThat(
                "leaders of " + topics,
                () -> partitions(topics)
                        .allMatch(
                                each -> each.leader() != null && !each.leader().isEmpty()));
    }

    /** Returns when all replicas of these are in sync. */
    void awaitInSync(Collection<String> topics) {
        awaitThat(
                "replicas of " + topics,
                () -> partitions(topics).allMatch(each -> each.isr().size() == COUNT));
    }

    /** Who leads the first partition of a topic. */
    int leaderOf(String topic) {
        var leader = new AtomicInteger();
        // Any broker may be asked, and may not have heard yet of what another has told.
        awaitThat("leader of " + topic, () -> {
            var found = partitions(List.of(topic)).findFirst().orElseThrow().leader();
            leader.set(found == null || found.isEmpty() ? 0 : found.id());
            return leader.get() > 0;
        });
        return leader.get();
    }

    /** Who leads the metadata quorum. */
    int controller() {
        return await(admin.describeMetadataQuorum().quorumInfo(), "describe the quorum")
                .leaderId();
    }

    private Stream<TopicPartitionInfo> partitions(Collection<String> topics) throws Exception {
        return admin.describeTopics(topics).allTopicNames().get(10, TimeUnit.SECONDS).values().stream()
                .map(TopicDescription::partitions)
                .flatMap(List::stream);
    }

    @Override
    public void delete(Collection<String> topics) {
        await(admin.deleteTopics(topics).all(), "delete " + topics);
    }

    /** Returns when clients are not told of a topic any more. */
    void awaitGone(String topic) {
        awaitThat(
                "end of " + topic,
                () -> !admin.listTopics().names().get(10, TimeUnit.SECONDS).contains(topic));
    }

    /** Something that may fail while servers come and go. */
    private interface Claim {
        boolean holds() throws Exception;
    }

    private void awaitThat(String what, Claim claim) {
        var giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!holds(claim)) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(peer.name() + " has no " + what + "; see " + directory);
            }
        }
    }

    private static boolean holds(Claim claim) {
        try {
            return claim.holds();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (Exception e) {
            return false;
        }
    }

    private <T> T await(Future<T> done, String what) {
        try {
            return done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(peer.name() + ": " + what, e);
        }
    }

    @Override
    public void close() {
        admin.close();
        killAll();
    }
}
