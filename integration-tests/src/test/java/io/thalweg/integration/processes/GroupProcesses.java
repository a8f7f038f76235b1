package io.thalweg.integration.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Members of one group, each a process of its own; notes what they read and own, and what must not happen. May be asked by any thread. */
final class GroupProcesses implements AutoCloseable {

    private static final long END_LIMIT_SECONDS = 60;

    private final Path directory;
    private final String topic;
    private final List<String> settings;
    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Member> owners = new ConcurrentHashMap<>();
    private final Map<String, Member> ownersByGeneration = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();

    /** A group without members, which has the name of the topic; settings are {@code name=value}. */
    GroupProcesses(Path directory, String topic, List<String> settings) {
        this.directory = directory;
        this.topic = topic;
        this.settings = List.copyOf(settings);
    }

    Member hire() throws IOException {
        var member = new Member(members.size() + 1);
        members.add(member);
        member.reader.start();
        return member;
    }

    /** What was read so far, by whomever. */
    Set<String> read() {
        return read;
    }

    /** What must not happen and did. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Whether these members, and nobody else, have as many partitions each. */
    boolean isShared(int each, Member... among) {
        return owners.size() == each * among.length
                && Arrays.stream(among)
                        .allMatch(member ->
                                owners.values().stream().filter(member::equals).count() == each);
    }

    /** The sum of the offsets of the group as an administrator sees them; none goes back from one look to the next. */
    long committed(Admin admin) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(topic)
                .partitionsToOffsetAndMetadata()
                .get();
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                var before = committed.put(partition, offset.offset());
                if (before != null && before > offset.offset()) {
                    problems.add(partition + " went back from " + before + " to " + offset.offset());
                }
            }
        });
        return committed.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        // All of them before anybody is waited for, which may fail.
        members.forEach(member -> member.process.destroyForcibly());
        members.forEach(Member::kill);
    }

    /** One member. */
    final class Member {

        private final int number;
        private final Process process;
        private final Thread reader;

        /** What it said before may be heard later, and counts no more then. */
        private boolean isPaused;

        private Member(int number) throws IOException {
            this.number = number;
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MemberMain.class.getName(),
                    topic));
            command.addAll(settings);
            this.process = new ProcessBuilder(command)
                    .redirectError(directory
                            .resolve(topic + "-member-" + number + ".log")
                            .toFile())
                    .start();
            this.reader = new Thread(this::listen, "member-" + number);
        }

        private void listen() {
            try (var lines = process.inputReader()) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(line.split(" ", 2));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private synchronized void take(String[] said) {
            switch (said[0]) {
                case "+" -> owns(said[1].split(" ", 2));
                case "-" -> owners.remove(Integer.valueOf(said[1]), this);
                case "=" -> read.add(said[1]);
                default -> problems.add(this + " said " + String.join(" ", said));
            }
        }

        private void owns(String[] partitionAndGeneration) {
            var partition = partitionAndGeneration[0];
            if (!isPaused) {
                owners.put(Integer.valueOf(partition), this);
            }
            var where = "partition " + partition + " of generation " + partitionAndGeneration[1];
            var other = ownersByGeneration.putIfAbsent(where, this);
            if (other != null && other != this) {
                problems.add(where + " was given to " + other + " and to " + this);
            }
        }

        /** Says goodbye. */
        void leave() throws IOException {
            process.getOutputStream().close();
            awaitEnd();
        }

        /** SIGKILL: goes without a word. */
        void kill() {
            process.destroyForcibly();
            awaitEnd();
        }

        private void awaitEnd() {
            process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            disown();
        }

        /** SIGSTOP: all of it stands still, and it does not know. */
        synchronized void pause() throws Exception {
            signal("STOP");
            isPaused = true;
            disown();
        }

        /** Others may take over what it has. */
        private void disown() {
            owners.values().removeIf(this::equals);
        }

        /** SIGCONT. */
        synchronized void resume() throws Exception {
            isPaused = false;
            signal("CONT");
        }

        private void signal(String name) throws Exception {
            var code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("SIG" + name + " for " + this + " ended with " + code);
            }
        }

        @Override
        public String toString() {
            return "member " + number;
        }
    }
}
