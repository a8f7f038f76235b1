package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Members of a quorum on sockets of this machine and below one directory. */
final class QuorumRig implements AutoCloseable {

    private final RealRuntime runtime = new RealRuntime();
    private final Path directory;
    private final List<QuorumVoter> voters;
    private final Map<String, String> timeouts;

    /** One that can vote and does not at first. */
    private final QuorumVoter newcomer;

    /** Has to hear what is committed, and does nothing about it. */
    private static final class Deaf implements MetadataListener {

        @Override
        public void snapshot(long endOffset, List<ByteBuffer> records) {}

        @Override
        public void committed(long offset, List<ByteBuffer> records) {}

        @Override
        public void leadership(Leadership leadership) {}
    }

    QuorumRig(Path directory, int voterCount) {
        this(directory, voterCount, Map.of("controller.quorum.fetch.timeout.ms", "3000"));
    }

    QuorumRig(Path directory, int voterCount, Map<String, String> timeouts) {
        this.timeouts = timeouts;
        var all = voters(voterCount + 1);
        this.directory = directory;
        this.voters = all.subList(0, voterCount);
        this.newcomer = all.get(voterCount);
    }

    List<QuorumVoter> voters() {
        return voters;
    }

    QuorumVoter newcomer() {
        return newcomer;
    }

    private static List<QuorumVoter> voters(int count) {
        var sockets = new ArrayList<ServerSocket>();
        var voters = new ArrayList<QuorumVoter>();
        try {
            for (var id = 1; id <= count; id++) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                voters.add(new QuorumVoter(id, new Endpoint("127.0.0.1", socket.getLocalPort())));
            }
            for (var socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return voters;
    }

    /** The member of a node; one that is not among the voters observes. */
    MetadataLog open(int node) {
        var isVoter = voters.stream().anyMatch(voter -> voter.id() == node);
        return open(new MetadataLogContext.Quorum(node, isVoter, voters, List.of(), Optional.empty()));
    }

    /** Has three voters elect their first leader, and ends them. */
    void form() throws Exception {
        try (var one = open(1);
                var two = open(2);
                var three = open(3)) {
            for (var member : List.of(one, two, three)) {
                member.subscribe(new Deaf());
                // Known once the leader's first entry is, which says who votes.
                member.barrier().toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        }
    }

    /** The member of the newcomer's node, which knows of the others where they are. */
    MetadataLog openNewcomer() {
        var bootstrap = voters.stream().map(QuorumVoter::endpoint).toList();
        return open(new MetadataLogContext.Quorum(
                newcomer.id(), true, List.of(), bootstrap, Optional.of(newcomer.endpoint())));
    }

    private MetadataLog open(MetadataLogContext.Quorum quorum) {
        var node = quorum.nodeId();
        var config = new HashMap<>(timeouts);
        config.put("log.dirs", directory.resolve("node-" + node).toString());
        config.put("metadata.log.segment.bytes", "65536");
        return new RatisQuorum()
                .open(new MetadataLogContext(
                        ConfigValues.of(config), quorum, runtime, runtime, runtime, new Random(node)));
    }

    @Override
    public void close() {
        runtime.close();
    }
}
