package io.thalweg.coordinator.ratis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What an entry of the Raft log holds: the epoch that the proposer led in, four bytes, and the records.
 *
 * <p>An entry that stands in the log of another term was proposed by one who did not know yet that it led no more; it counts for nothing,
 * on any member.
 */
record Proposal(int epoch, List<ByteBuffer> records) {

    Proposal {
        records = List.copyOf(records);
    }

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(epoch);
            RecordCodec.write(out, records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Proposal fromBytes(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new Proposal(in.readInt(), RecordCodec.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException("entry of " + bytes.length + " bytes in the metadata log", e);
        }
    }
}
