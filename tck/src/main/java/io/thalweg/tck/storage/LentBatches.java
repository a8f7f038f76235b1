package io.thalweg.tck.storage;

import io.thalweg.spi.storage.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;

/** The memory of batches that was lent to a log until its next commit, with what it held then. Any thread. */
final class LentBatches {

    private final Queue<Lent> lent = new ConcurrentLinkedQueue<>();

    private record Lent(Batch batch, ByteBuffer bytes, long crc) {

        boolean isUnchanged() {
            return crcOf(bytes) == crc;
        }
    }

    void add(List<Batch> batches) {
        for (var batch : batches) {
            var bytes = batch.bytes().duplicate();
            lent.add(new Lent(batch, bytes, crcOf(bytes)));
        }
    }

    private static long crcOf(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return crc.getValue();
    }

    /** Those that a commit covers that begins now; they are given back when it completes. */
    List<Lent> taken() {
        var taken = new ArrayList<Lent>();
        for (var next = lent.poll(); next != null; next = lent.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /** The base offsets of those whose memory holds something else by now. */
    static List<Long> changed(List<Lent> taken) {
        return taken.stream()
                .filter(each -> !each.isUnchanged())
                .map(each -> each.batch().baseOffset())
                .toList();
    }
}
