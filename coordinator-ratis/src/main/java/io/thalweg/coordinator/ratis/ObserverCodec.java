package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.QuorumVoter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * What is asked of a voter, and its answers.
 *
 * <pre>
 *  question  1 byte which, 0 or 1, 4 node, 8 the offset below which it has heard everything;
 *            or 1 byte 2, and what the controller is asked, whose answer is the controller's own;
 *            or 1 byte 3: who votes, whose answer is id@host:port of each, separated by commas
 *  answer    8 end offset, 4 epoch, 4 leader or -1, 1 whether a snapshot follows, the snapshot (8 end offset, 8 term, records),
 *            4 how many entries, the entries (8 offset, 8 term, records)
 * </pre>
 */
final class ObserverCodec {

    private static final byte OF_CONTROLLER = 2;
    private static final byte OF_VOTERS = 3;

    private ObserverCodec() {}

    /** What may be asked. */
    enum Kind {
        /** The end offset, at once. */
        END,
        /** What comes after an offset, once there is something. */
        FOLLOW
    }

    /** A question for the controller. */
    static byte[] encodeForController(ByteBuffer question) {
        return ByteBuffer.allocate(1 + question.remaining())
                .put(OF_CONTROLLER)
                .put(question.duplicate())
                .array();
    }

    /** Whether this is a question for the controller; the rest is the question then. */
    static boolean takeForController(ByteBuffer bytes) {
        if (bytes.get(bytes.position()) != OF_CONTROLLER) {
            return false;
        }
        bytes.get();
        return true;
    }

    /** The question who votes. */
    static byte[] encodeForVoters() {
        return new byte[] {OF_VOTERS};
    }

    /** Whether this is the question who votes. */
    static boolean isForVoters(ByteBuffer bytes) {
        return bytes.get(bytes.position()) == OF_VOTERS;
    }

    static byte[] encodeVoters(List<QuorumVoter> voters) {
        return voters.stream()
                .map(QuorumVoter::toString)
                .collect(Collectors.joining(","))
                .getBytes(StandardCharsets.UTF_8);
    }

    static List<QuorumVoter> decodeVoters(byte[] bytes) {
        return Arrays.stream(new String(bytes, StandardCharsets.UTF_8).split(","))
                .map(QuorumVoter::parse)
                .toList();
    }

    record Question(Kind kind, int nodeId, long endOffset) {}

    static byte[] encode(Question question) {
        return ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES)
                .put((byte) (question.kind == Kind.END ? 0 : 1))
                .putInt(question.nodeId)
                .putLong(question.endOffset)
                .array();
    }

    static Question decodeQuestion(ByteBuffer bytes) {
        return new Question(bytes.get() == 0 ? Kind.END : Kind.FOLLOW, bytes.getInt(), bytes.getLong());
    }

    static byte[] encode(ListenerFeed.View view) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(view.endOffset());
            out.writeInt(view.leadership().epoch());
            out.writeInt(view.leadership().leaderId().orElse(-1));
            out.writeBoolean(view.snapshot().isPresent());
            if (view.snapshot().isPresent()) {
                var snapshot = view.snapshot().get();
                out.writeLong(snapshot.endOffset());
                out.writeLong(snapshot.term());
                RecordCodec.write(out, snapshot.records());
            }
            out.writeInt(view.entries().size());
            for (var entry : view.entries()) {
                out.writeLong(entry.offset());
                out.writeLong(entry.term());
                RecordCodec.write(out, entry.records());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static ListenerFeed.View decodeView(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var endOffset = in.readLong();
            var epoch = in.readInt();
            var leader = in.readInt();
            var leadership = new Leadership(leader < 0 ? OptionalInt.empty() : OptionalInt.of(leader), epoch, false);
            Optional<Snapshot> snapshot = in.readBoolean()
                    ? Optional.of(new Snapshot(in.readLong(), in.readLong(), RecordCodec.read(in)))
                    : Optional.empty();
            return new ListenerFeed.View(endOffset, leadership, snapshot, entries(in));
        } catch (IOException e) {
            throw new UncheckedIOException("answer of " + bytes.length + " bytes from a voter", e);
        }
    }

    private static List<LogEntry> entries(DataInputStream in) throws IOException {
        var count = in.readInt();
        var entries = new ArrayList<LogEntry>();
        for (var i = 0; i < count; i++) {
            entries.add(new LogEntry(in.readLong(), in.readLong(), RecordCodec.read(in)));
        }
        return entries;
    }
}
