package io.thalweg.tck.coordination;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener that keeps all it hears, in order. Any thread may ask. */
final class LogHistory implements MetadataListener {

    private final Object monitor = new Object();
    private final List<Event> events = new ArrayList<>();
    private final AtomicBoolean inCall = new AtomicBoolean();
    private volatile boolean overlapped;

    /** One call of the log. */
    sealed interface Event permits Snapshot, Entry, Leader {}

    record Snapshot(long endOffset, List<String> records) implements Event {}

    record Entry(long offset, List<String> records) implements Event {}

    record Leader(Leadership leadership) implements Event {}

    static List<ByteBuffer> buffers(List<String> texts) {
        return texts.stream()
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static List<String> texts(List<ByteBuffer> buffers) {
        return buffers.stream()
                .map(buffer -> StandardCharsets.UTF_8.decode(buffer.duplicate()).toString())
                .toList();
    }

    @Override
    public void snapshot(long endOffset, List<ByteBuffer> records) {
        hear(new Snapshot(endOffset, texts(records)));
    }

    @Override
    public void committed(long offset, List<ByteBuffer> records) {
        hear(new Entry(offset, texts(records)));
    }

    @Override
    public void leadership(Leadership leadership) {
        hear(new Leader(leadership));
    }

    private void hear(Event event) {
        if (!inCall.compareAndSet(false, true)) {
            overlapped = true;
        }
        synchronized (monitor) {
            events.add(event);
        }
        inCall.set(false);
    }

    /** Whether two calls were ever made at the same time. */
    boolean overlapped() {
        return overlapped;
    }

    List<Event> events() {
        synchronized (monitor) {
            return List.copyOf(events);
        }
    }

    /** The entries, without those that a snapshot replaced. */
    List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        for (var event : events()) {
            if (event instanceof Snapshot) {
                entries.clear();
            } else if (event instanceof Entry entry) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** Every record there is: the last snapshot's and those of the entries after it. */
    List<String> records() {
        var records = new ArrayList<String>();
        for (var event : events()) {
            if (event instanceof Snapshot snapshot) {
                records.clear();
                records.addAll(snapshot.records());
            } else if (event instanceof Entry entry) {
                records.addAll(entry.records());
            }
        }
        return records;
    }
}
