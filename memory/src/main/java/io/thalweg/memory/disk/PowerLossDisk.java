package io.thalweg.memory.disk;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that stops at a given change and then keeps only what was synced, and of the rest any part: each write whole, torn
 * or not at all, each name as it was or as it is. Any thread; one lock over everything.
 */
public final class PowerLossDisk implements Disk {

    private final TreeMap<Path, Node> names = new TreeMap<>();

    /** Changes of names that no sync of their directory has made durable, with what undoes them. */
    private final List<NameChange> nameChanges = new ArrayList<>();

    private final TreeMap<Path, Node> durableNames = new TreeMap<>();
    private int changesLeft;

    /** An empty disk that stops after so many changes. */
    public PowerLossDisk(int changesLeft) {
        this.changesLeft = changesLeft;
    }

    /** A name that came, went or became another, null for no node; with a rename, the name that went at the same time. */
    private record NameChange(
            Path name, @Nullable Node node, @Nullable Path renamedFrom) {

        void applyTo(Map<Path, Node> map) {
            put(map, name, node);
            if (renamedFrom != null) {
                map.remove(renamedFrom);
            }
        }
    }

    /** A write, or if the bytes are null, a new size. */
    private static final class Change {
        private final long position;
        private final byte @Nullable [] bytes;

        Change(long position, byte @Nullable [] bytes) {
            this.position = position;
            this.bytes = bytes;
        }
    }

    /** What a file holds, and what of it is durable; for a directory nothing. */
    private static final class Node {

        private final Content now;
        private final Content durable;
        private final List<Change> unsynced = new ArrayList<>();

        Node() {
            this(new Content(), new Content());
        }

        private Node(Content now, Content durable) {
            this.now = now;
            this.durable = durable;
        }

        /** One that holds only this, durably. */
        static Node of(Content survived) {
            return new Node(survived, survived.copy());
        }

        void change(Change change) {
            now.apply(change);
            unsynced.add(change);
        }

        void sync() {
            unsynced.forEach(durable::apply);
            unsynced.clear();
        }
    }

    /** Bytes that grow. */
    private static final class Content {

        private byte[] bytes = {};
        private int size;

        Content copy() {
            var copy = new Content();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }

        void apply(Change change) {
            var written = change.bytes;
            if (written == null) {
                resize((int) change.position);
            } else {
                resize(Math.max(size, (int) change.position + written.length));
                System.arraycopy(written, 0, bytes, (int) change.position, written.length);
            }
        }

        private void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
            } else if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }
    }

    /** Whether the power is gone. */
    public synchronized boolean isDead() {
        return changesLeft < 0;
    }

    /** Leaves so many changes until the power goes. */
    public synchronized void stopAfter(int changes) {
        changesLeft = changes;
    }

    private void change() throws IOException {
        if (--changesLeft < 0) {
            throw new IOException("the power is gone");
        }
    }

    /** What a new process finds if only the old one died: everything, synced or not, and so many changes until the next end. */
    public synchronized PowerLossDisk afterKill(int changes) {
        changesLeft = changes;
        return this;
    }

    /** What a new process finds, with a number of changes until the next loss. */
    public synchronized PowerLossDisk afterPowerLoss(RandomGenerator random, int changes) {
        var after = new PowerLossDisk(changes);
        var found = new TreeMap<>(durableNames);
        for (var change : nameChanges) {
            if (random.nextBoolean()) {
                change.applyTo(found);
            }
        }
        found.forEach((path, node) -> {
            var parent = path.getParent();
            if (parent == null || parent.getNameCount() == 0 || found.containsKey(parent)) {
                var survivor = Node.of(survivingBytes(node, random));
                after.names.put(path, survivor);
                after.durableNames.put(path, survivor);
            }
        });
        return after;
    }

    /** What was written to the file of this disk and not synced never becomes durable, as when a sync fails. */
    public synchronized void forgetUnsynced(File file) {
        ((OpenFile) file).node.unsynced.clear();
    }

    private static Content survivingBytes(Node node, RandomGenerator random) {
        var survived = node.durable.copy();
        for (var change : node.unsynced) {
            var fate = random.nextInt(4);
            if (fate == 0) {
                survived.apply(torn(change, random));
            } else if (fate < 3) {
                survived.apply(change);
            }
        }
        return survived;
    }

    private static Change torn(Change change, RandomGenerator random) {
        return change.bytes == null
                ? change
                : new Change(change.position, Arrays.copyOf(change.bytes, random.nextInt(change.bytes.length + 1)));
    }

    private static void put(Map<Path, Node> map, Path name, @Nullable Node node) {
        if (node == null) {
            map.remove(name);
        } else {
            map.put(name, node);
        }
    }

    private void changeName(Path name, @Nullable Node node) {
        put(names, name, node);
        nameChanges.add(new NameChange(name, node, null));
    }

    @Override
    public synchronized File open(Path path, boolean create) throws IOException {
        var node = names.get(path);
        if (node == null) {
            if (!create || !names.containsKey(path.getParent())) {
                throw new NoSuchFileException(path.toString());
            }
            change();
            node = new Node();
            changeName(path, node);
        }
        return new OpenFile(node);
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        for (var path = directory; path != null && path.getNameCount() > 0; path = path.getParent()) {
            if (!names.containsKey(path)) {
                change();
                changeName(path, new Node());
            }
        }
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        if (!names.containsKey(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return names.keySet().stream()
                .filter(path -> directory.equals(path.getParent()))
                .toList();
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        if (!names.containsKey(from)) {
            throw new NoSuchFileException(from.toString());
        }
        change();
        for (var path : List.copyOf(names.keySet())) {
            if (path.startsWith(from)) {
                var node = names.get(path);
                names.remove(path);
                names.put(path.equals(from) ? to : to.resolve(from.relativize(path)), Objects.requireNonNull(node));
            }
        }
        renameDurably(from, to);
    }

    /** Atomic, but for the loss of it as a whole: what is below a directory moves with it. */
    private void renameDurably(Path from, Path to) {
        var node = names.get(to);
        var hasChildren = names.keySet().stream().anyMatch(path -> !path.equals(to) && path.startsWith(to));
        if (hasChildren
                || durableNames.keySet().stream().anyMatch(path -> !path.equals(from) && path.startsWith(from))) {
            // A directory: it is taken as durable at once, which costs the tests of deletion some of their sharpness.
            nameChanges.removeIf(change -> change.name().startsWith(from));
            durableNames.keySet().removeIf(path -> path.startsWith(from));
            names.forEach((path, each) -> {
                if (path.startsWith(to)) {
                    durableNames.put(path, each);
                }
            });
        } else {
            nameChanges.add(new NameChange(to, node, from));
        }
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        if (names.containsKey(path)) {
            change();
            changeName(path, null);
        }
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        change();
        nameChanges.removeIf(change -> {
            if (directory.equals(change.name().getParent())) {
                change.applyTo(durableNames);
                return true;
            }
            return false;
        });
    }

    @Override
    public Optional<Closeable> tryLock(Path path) {
        return Optional.of(() -> {});
    }

    @Override
    public long freeBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    /** There is no time on this disk. */
    @Override
    public long modifiedMillis(Path path) {
        return 0;
    }

    @Override
    public long totalBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    private final class OpenFile implements File {

        private final Node node;

        OpenFile(Node node) {
            this.node = node;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            synchronized (PowerLossDisk.this) {
                var count = (int) Math.max(0, Math.min(target.remaining(), node.now.size - position));
                target.put(node.now.bytes, (int) Math.min(position, node.now.size), count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer[] sources, long position) throws IOException {
            synchronized (PowerLossDisk.this) {
                change();
                var at = position;
                for (var source : sources) {
                    var bytes = new byte[source.remaining()];
                    source.get(bytes);
                    node.change(new Change(at, bytes));
                    at += bytes.length;
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (PowerLossDisk.this) {
                change();
                node.sync();
            }
        }

        @Override
        public long size() {
            synchronized (PowerLossDisk.this) {
                return node.now.size;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (PowerLossDisk.this) {
                if (size < node.now.size) {
                    change();
                    node.change(new Change(size, null));
                }
            }
        }

        @Override
        public LogSlice slice(long position, int sizeInBytes, Runnable release) {
            synchronized (PowerLossDisk.this) {
                var copy = ByteBuffer.allocate(sizeInBytes);
                copy.put(node.now.bytes, (int) position, sizeInBytes).flip();
                return LogSlice.of(List.of(copy), release);
            }
        }

        @Override
        public void close() {}
    }
}
