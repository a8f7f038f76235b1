package io.thalweg.protocol;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A message of the Kafka wire protocol, or a part of one: an immutable value that knows its size in each version.
 *
 * <p><b>Ownership.</b> Byte buffers and {@link Records} of a decoded message are lent: they are slices of the frame and
 * valid as long as it is. Whoever keeps them longer copies them.
 *
 * <p><b>Versions.</b> A field that the written version does not have is left out if it holds its default or if the
 * schema marks it as ignorable; otherwise writing fails, because the receiver would miss something that matters.
 */
public interface Message {

    /** The id that stands for "none" on the wire. */
    UUID ZERO_UUID = new UUID(0, 0);

    /** The default of a field of bytes. */
    ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * How many bytes the message takes in this version, record sets included.
     *
     * @throws IllegalArgumentException if the message does not have this version
     */
    int sizeInBytes(short version);

    /**
     * Writes the message, which takes {@link #sizeInBytes} bytes, at the writer's position.
     *
     * @throws IllegalArgumentException if the message does not have this version, or holds what this version cannot carry
     */
    void write(MessageWriter out, short version);

    /** Refuses a version outside the range that a message has; for generated code. */
    static void requireVersion(String message, short version, int lowest, int highest) {
        if (version < lowest || version > highest) {
            throw new IllegalArgumentException(
                    message + " has versions " + lowest + " to " + highest + ", asked for " + version);
        }
    }
}
