package io.thalweg.coordinator.ratis;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Records as bytes: how many, then each with its length before it, both as four bytes. */
final class RecordCodec {

    private RecordCodec() {}

    static void write(DataOutputStream out, List<ByteBuffer> records) throws IOException {
        out.writeInt(records.size());
        for (var record : records) {
            out.writeInt(record.remaining());
            out.write(bytes(record));
        }
    }

    static List<ByteBuffer> read(DataInputStream in) throws IOException {
        var count = in.readInt();
        var records = new ArrayList<ByteBuffer>();
        for (var i = 0; i < count; i++) {
            var length = in.readInt();
            var bytes = in.readNBytes(length);
            if (length < 0 || bytes.length < length) {
                throw new IOException(
                        "record " + i + " of " + count + " has " + bytes.length + " bytes: expected " + length);
            }
            records.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }
        return records;
    }

    /** A copy of what remains. */
    static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Copies of lent buffers. */
    static List<ByteBuffer> copies(List<ByteBuffer> lent) {
        return lent.stream()
                .map(buffer -> ByteBuffer.wrap(bytes(buffer)).asReadOnlyBuffer())
                .toList();
    }
}
