package io.thalweg.integration.compare;

import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.ListGroupsResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * What is asked of one broker and what it answers, as text without what may differ: ids of members are numbered in the order in which they
 * turn up. Confined to one thread.
 */
final class Dialogue implements AutoCloseable {

    private static final Pattern MEMBER_ID =
            Pattern.compile("(hostile|instance)-[0-9A-Za-z_-]{8}-[0-9a-z-]{4}-[0-9a-z-]{4}-[0-9a-z-]{4}-[0-9a-z-]{12}"
                    + "|(?<=memberId=)[0-9A-Za-z_-]{22}(?=,)");
    private static final Pattern BUFFER = Pattern.compile("java\\.nio\\.\\w+\\[pos=(\\d+) lim=(\\d+) cap=\\d+\\]");

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(30);

    private final String bootstrap;
    private final RawClient client;
    private final Map<String, String> members = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<String> transcript = new ArrayList<>();

    private Dialogue(String bootstrap, RawClient client) {
        this.bootstrap = bootstrap;
        this.client = client;
    }

    static Dialogue with(String bootstrap) throws IOException {
        return new Dialogue(bootstrap, RawClient.connect(bootstrap));
    }

    List<String> transcript() {
        return transcript;
    }

    /** Asks and writes the answer down. */
    <T extends ResponseMessage> T ask(String what, RequestMessage request, int version, Class<T> type)
            throws IOException {
        return note(what + " v" + version, answerOf(request, version, type));
    }

    /** Asks what is no part of the dialogue. */
    <T extends ResponseMessage> T answerOf(RequestMessage request, int version, Class<T> type) throws IOException {
        return type.cast(client.ask(request, version));
    }

    /** Asks again and again, leaving the broker time for other things, until something is so. */
    void askUntil(String what, Callable<Boolean> isSo) {
        Awaitility.await(what)
                .atMost(LIMIT)
                .pollInterval(PAUSE)
                .pollInSameThread()
                .until(isSo);
    }

    /** Writes something down that is not a whole answer. */
    void note(String what, Object text) {
        transcript.add(what + ": " + plain(text.toString()));
    }

    private <T extends ResponseMessage> T note(String what, T answer) {
        transcript.add(what + ": " + plain(ordered(answer).toString()));
        return answer;
    }

    /** Kafka names members and groups in the order of a hash table. */
    private ResponseMessage ordered(ResponseMessage answer) {
        if (answer instanceof ListGroupsResponse listed) {
            return listed.toBuilder()
                    .groups(listed.groups().stream()
                            .sorted(Comparator.comparing(ListGroupsResponse.Group::groupId))
                            .toList())
                    .build();
        }
        if (answer instanceof ConsumerGroupDescribeResponse described) {
            return described.toBuilder()
                    .groups(described.groups().stream().map(this::ordered).toList())
                    .build();
        }
        return answer instanceof JoinGroupResponse joined
                ? joined.toBuilder()
                        .members(joined.members().stream()
                                .sorted(Comparator.comparing(member -> plain(member.memberId())))
                                .toList())
                        .build()
                : answer;
    }

    private ConsumerGroupDescribeResponse.Group ordered(ConsumerGroupDescribeResponse.Group group) {
        return group.toBuilder()
                .members(group.members().stream()
                        .sorted(Comparator.comparing(member -> plain(member.memberId())))
                        .toList())
                .build();
    }

    /** What this broker calls by that id is written down with this name. */
    void call(UUID id, String name) {
        names.put(id.toString(), name);
    }

    private String plain(String text) {
        var called = text;
        for (var name : names.entrySet()) {
            called = called.replace(name.getKey(), name.getValue());
        }
        var named = MEMBER_ID
                .matcher(called)
                .replaceAll(id -> members.computeIfAbsent(id.group(), first -> "member " + (members.size() + 1)));
        return BUFFER.matcher(named)
                .replaceAll(
                        buffer -> "bytes " + (Integer.parseInt(buffer.group(2)) - Integer.parseInt(buffer.group(1))));
    }

    /** A request that waits for others; its answer is taken later. */
    Pending begin(RequestMessage request, int version) throws IOException {
        return new Pending(RawClient.connect(bootstrap).send(request, version, 1), request, version);
    }

    /** A request without an answer yet, on a connection of its own. */
    final class Pending {

        private final RawClient own;
        private final RequestMessage request;
        private final int version;

        private Pending(RawClient own, RequestMessage request, int version) {
            this.own = own;
            this.request = request;
            this.version = version;
        }

        <T extends ResponseMessage> T answer(String what, Class<T> type) throws IOException {
            try (own) {
                return note(what + " v" + version, type.cast(own.answer(request.apiKey(), version, 1)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
