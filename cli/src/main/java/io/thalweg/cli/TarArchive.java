package io.thalweg.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Takes one file out of a {@code .tgz}.
 *
 * <p>An archive is a row of blocks of 512 bytes: for each file a header, then its bytes, filled up to whole blocks. In the header, the name
 * is at byte 0 (100 bytes), the size in octal at 124 (12 bytes).
 */
final class TarArchive {

    private static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    /** More than any data set the demo uses. */
    private static final long MAX_ENTRY_BYTES = 256L << 20;

    private TarArchive() {}

    static void extract(Path archive, String entry, Path target) throws IOException {
        try (var in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            for (var header = in.readNBytes(BLOCK_BYTES);
                    header.length == BLOCK_BYTES && header[0] != 0;
                    header = in.readNBytes(BLOCK_BYTES)) {
                var size = size(header);
                if (text(header, 0, NAME_BYTES).equals(entry)) {
                    copy(in, size, target);
                    return;
                }
                in.skipNBytes((size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
            }
        }
        throw new IOException(archive.getFileName() + " has no entry " + entry);
    }

    private static long size(byte[] header) throws IOException {
        try {
            var size = Long.parseLong(text(header, SIZE_AT, SIZE_BYTES).strip(), 8);
            if (size <= MAX_ENTRY_BYTES) {
                return size;
            }
            throw new IOException("archive has an entry of " + size + " bytes, expected at most " + MAX_ENTRY_BYTES);
        } catch (NumberFormatException e) {
            throw new IOException("archive has an entry whose size is not a number", e);
        }
    }

    private static String text(byte[] header, int from, int length) {
        var end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII);
    }

    private static void copy(InputStream in, long size, Path target) throws IOException {
        var bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new IOException("archive ends after " + bytes.length + " of " + size + " bytes of an entry");
        }
        Files.write(target, bytes);
    }
}
