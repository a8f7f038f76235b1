package io.thalweg.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A peer's process that serves. */
final class Server implements Target {

    /** Kafka takes some minutes for 10,000 partitions. */
    private static final int READY_LIMIT_SECONDS = 600;

    /** Kafka refuses changes of 10,000 records. */
    private static final int MOST_PARTITIONS_AT_ONCE = 5000;

    private final Peer peer;
    private final Process process;
    private final int port;
    private final Admin admin;

    private Server(Peer peer, Process process, int port) {
        this.peer = peer;
        this.process = process;
        this.port = port;
        this.admin = Admin.create(
                Map.of("bootstrap.servers", bootstrap(), "default.api.timeout.ms", READY_LIMIT_SECONDS * 1000));
    }

    /** Launches the peer on an empty directory; returns when it answers. */
    static Server start(Peer peer, Path directory) {
        var server = launch(peer, directory, Servers.freePort());
        server.awaitAnswer(directory);
        return server;
    }

    private static Server launch(Peer peer, Path directory, int port) {
        try {
            Files.createDirectories(directory);
            return new Server(peer, peer.launch(directory, port), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process as a crash would. */
    void kill() {
        admin.close(Duration.ZERO);
        process.destroyForcibly().onExit().join();
    }

    /** Launches the same server again, and does not wait for it. */
    Server launchAgain(Path directory) {
        return launch(peer, directory, port);
    }

    /** Returns when the server answers. */
    void awaitAnswer(Path directory) {
        try {
            var nodes = admin.describeCluster().nodes().get(READY_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (nodes.isEmpty()) {
                throw new IllegalStateException(peer.name() + " has no brokers");
            }
        } catch (Exception e) {
            close();
            throw new IllegalStateException(peer.name() + " did not start:\n" + Servers.logOf(directory), e);
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The processes of the server: a launcher may have become one or started one. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public Usage usage() {
        return Usage.of(handle());
    }

    /** Kafka's leaders may take a moment longer than the reply. */
    @Override
    public void create(String topic, int partitions, boolean isOnDisk) {
        var count = Math.min(partitions, MOST_PARTITIONS_AT_ONCE);
        var created = new NewTopic(topic, Optional.of(count), Optional.empty()).configs(peer.durability(isOnDisk));
        await(admin.createTopics(List.of(created)).all(), "create " + topic);
        while (count < partitions) {
            count = Math.min(partitions, count + MOST_PARTITIONS_AT_ONCE);
            var grown = Map.of(topic, NewPartitions.increaseTo(count));
            await(admin.createPartitions(grown).all(), "grow " + topic + " to " + count + " partitions");
        }
        var ends = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(i -> new TopicPartition(topic, i), i -> OffsetSpec.latest()));
        var giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_LIMIT_SECONDS);
        while (!isKnown(admin.listOffsets(ends).all(), "list the offsets of " + topic)) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(peer.name() + " created " + topic + " and does not know it");
            }
        }
    }

    /** Kafka's brokers hear of a topic after the one who created it does. */
    private boolean isKnown(Future<?> offsets, String what) {
        try {
            await(offsets, what);
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof ExecutionException failure
                    && failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void delete(Collection<String> topics) {
        await(admin.deleteTopics(topics).all(), "delete " + topics);
    }

    private void await(Future<?> done, String what) {
        try {
            done.get(READY_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(peer.name() + ": " + what, e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        process.destroy();
        try {
            if (!process.waitFor(READY_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
