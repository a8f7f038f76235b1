package io.thalweg.coordinator.group;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A coordinator, topics, and members that do as clients of the consumer protocol do. */
final class ConsumerFixture {

    static final String GROUP = "group";
    static final int SESSION_MILLIS = 45_000;
    static final int REBALANCE_MILLIS = 30_000;

    final GroupFixture groups;

    ConsumerFixture() {
        this(GroupConfig.defaults());
    }

    ConsumerFixture(GroupConfig config) {
        groups = new GroupFixture(config);
    }

    static UUID id(String topic) {
        return UUID.nameUUIDFromBytes(topic.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates a topic, or has it grow. */
    void topic(String name, int partitionCount) {
        var topic = TopicImage.of(name, id(name));
        for (var index = 0; index < partitionCount; index++) {
            topic = topic.with(new PartitionImage(index, List.of(1), List.of(1), 1, 0, 0));
        }
        groups.image = groups.image.with(topic);
    }

    void deleteTopic(String name) {
        groups.image = groups.image.without(groups.image.topic(name).orElseThrow());
    }

    MetadataImage image() {
        return groups.image;
    }

    ConsumerGroupHeartbeatResponse ask(ConsumerGroupHeartbeatRequest request) {
        return groups.call(asked -> asked.consumerHeartbeat(request, new Caller("client", "/host", (short) 1)))
                .join();
    }

    static ErrorCode error(ConsumerGroupHeartbeatResponse answer) {
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }

    ConsumerGroupDescribeResponse.Group describe() {
        return groups.call(asked -> asked.describeConsumers(GROUP)).join();
    }

    Client client(String id, String... topics) {
        return new Client(id, null, List.of(topics), null);
    }

    Client staticClient(String id, String instanceId, String... topics) {
        return new Client(id, instanceId, List.of(topics), null);
    }

    Client clientOf(String regex) {
        return new Client("of-" + regex, null, List.of(), regex);
    }

    /** A member: what it uses, and the epoch it is in. */
    final class Client {

        final String id;
        final @Nullable String instanceId;
        List<String> topics;
        final @Nullable String regex;
        int epoch;
        int deafMillis;
        private boolean hasMissedAnswer;

        /** Whether it takes what it is given only while its next heartbeat is on its way, as Kafka's client does that looks up names. */
        boolean isLate;

        /** What it was given and does not use yet. */
        private @Nullable TreeSet<String> waiting;

        /** That to the heartbeat which was on its way meanwhile. */
        private @Nullable ConsumerGroupHeartbeatResponse unread;

        /** Partitions as topic id and number. */
        TreeSet<String> used = new TreeSet<>();

        private Client(String id, @Nullable String instanceId, List<String> topics, @Nullable String regex) {
            this.id = id;
            this.instanceId = instanceId;
            this.topics = topics;
            this.regex = regex;
        }

        ConsumerGroupHeartbeatRequest.Builder request(int atEpoch) {
            return ConsumerGroupHeartbeatRequest.builder()
                    .groupId(GROUP)
                    .memberId(id)
                    .instanceId(instanceId)
                    .memberEpoch(atEpoch);
        }

        ConsumerGroupHeartbeatRequest.Builder joining() {
            return request(0)
                    .rebalanceTimeoutMillis(REBALANCE_MILLIS)
                    .subscribedTopicNames(topics)
                    .subscribedTopicRegex(regex)
                    .topicPartitions(List.of());
        }

        ErrorCode join() {
            used.clear();
            waiting = null;
            unread = null;
            return take(ask(joining().build()));
        }

        /** Says that it is there and what it uses, and takes over what it is told. */
        ErrorCode beat() {
            var error = readOn();
            if (error != ErrorCode.NONE) {
                return error;
            }
            var answer = ask(report().build());
            if (waiting == null) {
                return take(answer);
            }
            used = waiting;
            waiting = null;
            unread = answer;
            return ErrorCode.NONE;
        }

        private ErrorCode readOn() {
            var answer = unread;
            unread = null;
            return answer == null ? ErrorCode.NONE : take(answer);
        }

        /** Who has missed an answer says everything, and is then told everything. */
        private ConsumerGroupHeartbeatRequest.Builder report() {
            var report = request(epoch).topicPartitions(usedPartitions());
            return hasMissedAnswer
                    ? report.rebalanceTimeoutMillis(REBALANCE_MILLIS)
                            .subscribedTopicNames(topics)
                            .subscribedTopicRegex(regex)
                    : report;
        }

        /** A heartbeat whose answer is lost; by then it has taken what it was given. */
        void beatInVain() {
            readOn();
            if (waiting != null) {
                used = waiting;
                waiting = null;
            }
            ask(report().build());
            hasMissedAnswer = true;
        }

        /** Says that it is there and nothing else. */
        ErrorCode beatSilently() {
            return take(ask(request(epoch).build()));
        }

        ErrorCode leave() {
            return error(ask(request(-1).build()));
        }

        ErrorCode leaveForAWhile() {
            return error(ask(request(-2).build()));
        }

        ErrorCode take(ConsumerGroupHeartbeatResponse answer) {
            deafMillis = 0;
            hasMissedAnswer = false;
            if (answer.errorCode() == 0) {
                epoch = answer.memberEpoch();
                var given = answer.assignment();
                if (given != null) {
                    var told = new TreeSet<String>();
                    given.topicPartitions()
                            .forEach(topic ->
                                    topic.partitions().forEach(each -> told.add(topic.topicId() + " " + each)));
                    used.retainAll(told);
                    if (isLate && !used.equals(told)) {
                        waiting = told;
                    } else {
                        used = told;
                        waiting = null;
                    }
                }
            }
            return error(answer);
        }

        List<ConsumerGroupHeartbeatRequest.TopicPartitions> usedPartitions() {
            var rows = new ArrayList<ConsumerGroupHeartbeatRequest.TopicPartitions>();
            for (var each : used) {
                var gap = each.indexOf(' ');
                rows.add(new ConsumerGroupHeartbeatRequest.TopicPartitions(
                        UUID.fromString(each.substring(0, gap)), List.of(Integer.valueOf(each.substring(gap + 1)))));
            }
            return rows;
        }

        /** How many partitions it uses. */
        int count() {
            return used.size();
        }
    }
}
