package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file behind a channel. Any thread reads; one at a time writes.
 *
 * <p>A thread that is interrupted while it reads or writes closes the channel for everyone, so threads that do are not interrupted.
 */
final class LocalFile implements Disk.File {

    private final Path path;
    private final FileChannel channel;

    /** Where the channel's own position is, which only gathering writes use. */
    private long channelPosition;

    LocalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static IOException at(Path path, IOException e) {
        return new IOException(path + ": " + e.getMessage(), e);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        try {
            var total = 0;
            while (target.hasRemaining()) {
                var count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw at(path, e);
        }
    }

    @Override
    public void write(ByteBuffer[] sources, long position) throws IOException {
        try {
            if (sources.length == 1) {
                writeOne(sources[0], position);
            } else {
                gather(sources, position);
            }
        } catch (IOException e) {
            throw at(path, e);
        }
    }

    private void writeOne(ByteBuffer source, long position) throws IOException {
        var at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    private void gather(ByteBuffer[] sources, long position) throws IOException {
        if (channelPosition != position) {
            channel.position(position);
            channelPosition = position;
        }
        var first = 0;
        while (first < sources.length) {
            channelPosition += channel.write(sources, first, sources.length - first);
            while (first < sources.length && !sources[first].hasRemaining()) {
                first++;
            }
        }
    }

    @Override
    public void sync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw at(path, e);
        }
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw at(path, e);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        try {
            channel.truncate(size);
            channelPosition = Math.min(channelPosition, size);
        } catch (IOException e) {
            throw at(path, e);
        }
    }

    @Override
    public LogSlice slice(long position, int sizeInBytes, Runnable release) {
        return LogSlice.of(channel, position, sizeInBytes, release);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
