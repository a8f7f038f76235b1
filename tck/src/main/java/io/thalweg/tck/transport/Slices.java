package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A file of random bytes and slices of it, or of the same bytes in memory; knows which slices are closed. */
final class Slices implements AutoCloseable {

    private static final int MAX_PARTS = 5;
    private static final int MAX_PART_BYTES = 60_000;

    private final byte[] content;
    private final FileChannel channel;
    private final List<AtomicInteger> closeCounts = new CopyOnWriteArrayList<>();

    private Slices(byte[] content, FileChannel channel) {
        this.content = content;
        this.channel = channel;
    }

    static Slices in(Path directory, int sizeInBytes) throws IOException {
        var content = new byte[sizeInBytes];
        new Random(sizeInBytes).nextBytes(content);
        var file = Files.write(directory.resolve("slices"), content);
        return new Slices(content, FileChannel.open(file, StandardOpenOption.READ));
    }

    LogSlice file(int position, int size) {
        return LogSlice.of(channel, position, size, counted());
    }

    /** Two buffers of the heap, the second of a third of the bytes. */
    LogSlice heap(int position, int size) {
        var first = ByteBuffer.wrap(content, position, size - size / 3).slice();
        var second = ByteBuffer.wrap(content, position + size - size / 3, size / 3);
        return LogSlice.of(List.of(first.asReadOnlyBuffer(), second), counted());
    }

    LogSlice direct(int position, int size) {
        var buffer =
                ByteBuffer.allocateDirect(size).put(content, position, size).flip();
        return LogSlice.of(List.of(buffer), counted());
    }

    byte[] bytes(int position, int size) {
        return ByteBuffer.allocate(size).put(content, position, size).array();
    }

    private Runnable counted() {
        var count = new AtomicInteger();
        closeCounts.add(count);
        return count::incrementAndGet;
    }

    /** Makes slices of the file fail from now on. */
    void closeFile() throws IOException {
        channel.close();
    }

    void awaitAllClosedOnce() {
        Wire.until("all slices are closed", () -> closeCounts.stream().allMatch(count -> count.get() > 0));
        assertThat(closeCounts).allMatch(count -> count.get() == 1);
    }

    /** A random mixture of written bytes and slices. */
    Parts randomParts(Random random) {
        var parts = new ArrayList<Part>();
        for (var count = random.nextInt(MAX_PARTS); count >= 0; count--) {
            var size = random.nextInt(random.nextBoolean() ? MAX_PART_BYTES : 100);
            parts.add(new Part(
                    Kind.values()[random.nextInt(Kind.values().length)], random.nextInt(content.length - size), size));
        }
        return new Parts(parts);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** How a part of a frame gets there. */
    private enum Kind {
        WRITTEN,
        FILE,
        HEAP,
        DIRECT
    }

    /** A range of the content. */
    private record Part(Kind kind, int position, int size) {}

    /** The parts of one frame. */
    final class Parts {

        private final List<Part> parts;

        private Parts(List<Part> parts) {
            this.parts = parts;
        }

        byte[] expected() {
            var payload =
                    ByteBuffer.allocate(parts.stream().mapToInt(Part::size).sum());
            parts.forEach(part -> payload.put(content, part.position(), part.size()));
            return payload.array();
        }

        void sendOn(Connection connection) {
            var written = parts.stream().filter(part -> part.kind() == Kind.WRITTEN);
            var frame = connection.newFrame(written.mapToInt(Part::size).sum());
            for (var part : parts) {
                switch (part.kind()) {
                    case WRITTEN -> frame.buffer().put(content, part.position(), part.size());
                    case FILE -> frame.splice(file(part.position(), part.size()));
                    case HEAP -> frame.splice(heap(part.position(), part.size()));
                    case DIRECT -> frame.splice(direct(part.position(), part.size()));
                }
            }
            connection.send(frame);
        }
    }
}
