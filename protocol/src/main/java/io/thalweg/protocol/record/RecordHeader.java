package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One header of a record.
 *
 * @param key the key; bytes that are not UTF-8 have become U+FFFD
 * @param value the value, position to limit, or null; a slice of the batch's buffer when read
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
