package io.thalweg.bench;

import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Commits many offsets, kills the server, and asks the next one for all of them. */
final class OffsetLoad {

    private static final String TOPIC = "committed";
    private static final int PARTITIONS = 100;
    private static final int COMMIT_VERSION = 7;
    private static final int FETCH_VERSION = 8;

    /** As Kafka's admin client asks a coordinator for many groups at once. */
    private static final int GROUPS_OF_A_REQUEST = 100;

    private final Server server;
    private final Path directory;
    private final int groups;

    OffsetLoad(Server server, Path directory, int offsets) {
        this.server = server;
        this.directory = directory;
        this.groups = offsets / PARTITIONS;
    }

    /** How long it took from the kill to the first answer, and from that to the last offset. */
    record Result(double startMillis, double loadMillis) {

        @Override
        public String toString() {
            return String.format(
                    "%.0f ms from the launch to the first answer, %.0f ms more to the last offset",
                    startMillis, loadMillis);
        }
    }

    Result run() throws IOException {
        server.create(TOPIC, PARTITIONS, true);
        try (var wire = new GroupWire(server)) {
            new GroupRequests(group(0)).awaitCoordinator(wire);
            for (var group = 0; group < groups; group++) {
                commit(wire, group(group));
            }
        }
        server.kill();
        var begun = System.nanoTime();
        try (var next = server.launchAgain(directory)) {
            next.awaitAnswer(directory);
            var answered = System.nanoTime();
            try (var wire = new GroupWire(next)) {
                awaitOffsets(wire);
            }
            return new Result((answered - begun) / 1e6, (System.nanoTime() - answered) / 1e6);
        }
    }

    private static String group(int number) {
        return "committer-" + number;
    }

    private static void commit(GroupWire wire, String group) throws IOException {
        var partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> OffsetCommitRequest.Partition.builder()
                        .partitionIndex(partition)
                        .committedOffset(partition)
                        .build())
                .toList();
        var request = OffsetCommitRequest.builder()
                .groupId(group)
                .generationIdOrMemberEpoch(-1)
                .topics(List.of(OffsetCommitRequest.Topic.builder()
                        .name(TOPIC)
                        .partitions(partitions)
                        .build()))
                .build();
        short code;
        do {
            code = wire.ask(request, COMMIT_VERSION, OffsetCommitResponse.class)
                    .topics()
                    .get(0)
                    .partitions()
                    .get(0)
                    .errorCode();
        } while (GroupRequests.isNotReady(code));
        new GroupRequests(group).expectNone("commit", code);
    }

    /** Asks for what was not ready again, until there is nothing left to ask for. */
    private void awaitOffsets(GroupWire wire) throws IOException {
        var left = new ArrayDeque<String>();
        IntStream.range(0, groups).mapToObj(OffsetLoad::group).forEach(left::add);
        while (!left.isEmpty()) {
            var asked = new ArrayList<OffsetFetchRequest.Group>();
            while (!left.isEmpty() && asked.size() < GROUPS_OF_A_REQUEST) {
                asked.add(OffsetFetchRequest.Group.builder()
                        .groupId(left.remove())
                        .topics(null)
                        .build());
            }
            var request = OffsetFetchRequest.builder().groups(asked).build();
            for (var answer :
                    wire.ask(request, FETCH_VERSION, OffsetFetchResponse.class).groups()) {
                if (GroupRequests.isNotReady(answer.errorCode())) {
                    left.add(answer.groupId());
                } else {
                    check(answer);
                }
            }
        }
    }

    private static void check(OffsetFetchResponse.Group group) {
        new GroupRequests(group.groupId()).expectNone("offsets", group.errorCode());
        var known = group.topics().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        if (known != PARTITIONS) {
            throw new IllegalStateException(
                    "group " + group.groupId() + " has " + known + " offsets after the restart");
        }
    }
}
