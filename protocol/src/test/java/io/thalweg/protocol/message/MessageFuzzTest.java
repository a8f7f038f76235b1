package io.thalweg.protocol.message;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bytes that are cut short, changed or made up: decoding them ends in a message or in the one documented error, and does
 * not allocate more than a small multiple of what came in.
 *
 * <p>The million cases run with {@code mvn -pl protocol -am verify -Pslow -Dtest=MessageFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class MessageFuzzTest {

    /** Frames of one API, side and version that are broken in turn. */
    private static final int CASES_PER_SEED = 50;

    /**
     * What one byte of a frame may cost: an empty list or struct takes a byte or two there, and an object with all of its
     * fields, its list and their headers here.
     */
    private static final long BYTES_PER_BYTE = 150;

    /** The exception with its stack trace. */
    private static final long BYTES_PER_CASE = 16 * 1024;

    private static final List<ApiKey> KEYS = List.of(ApiKey.values());

    private final AllocatedBytes allocated = new AllocatedBytes();

    @Test
    void brokenBytesAreRefusedOrReadWithinBounds() {
        Seeds.run(800, this::breakOne);
    }

    @Test
    @Tag("slow")
    @Timeout(1800)
    void aMillionBrokenFramesAreRefusedOrReadWithinBounds() {
        Seeds.run(1_000_000 / CASES_PER_SEED, this::breakOne);
    }

    private void breakOne(RandomGenerator random) {
        ApiKey key = KEYS.get(random.nextInt(KEYS.size()));
        KafkaCodec codec = new KafkaCodec(key, random.nextBoolean());
        short version = (short) random.nextInt(key.minVersion(), key.maxVersion() + 1);
        byte[] sound = soundFrame(codec, version, random);
        for (int i = 0; i < CASES_PER_SEED; i++) {
            byte[] broken = BrokenBytes.of(sound, random);
            readWithinBounds(codec, version, broken);
        }
    }

    private void readWithinBounds(KafkaCodec codec, short version, byte[] broken) {
        long bound = BYTES_PER_CASE + BYTES_PER_BYTE * broken.length;
        long spent = spent(codec, version, broken);
        // The virtual machine allocates on the first use of a class; only what comes again belongs to the frame.
        for (int again = 0; again < 3 && spent > bound; again++) {
            spent = spent(codec, version, broken);
        }
        if (spent > bound) {
            throw new AssertionError(codec + " version " + version + " allocated " + spent + " bytes for a frame of "
                    + broken.length + ", at most " + bound + " are expected");
        }
    }

    private long spent(KafkaCodec codec, short version, byte[] broken) {
        long before = allocated.now();
        readOrRefuse(codec, version, broken);
        return allocated.now() - before;
    }

    private static void readOrRefuse(KafkaCodec codec, short version, byte[] broken) {
        try {
            Message message = codec.read(ByteBuffer.wrap(broken), version);
            KafkaCodec.write(message, version);
        } catch (MalformedMessageException expected) {
            // The one way to refuse bytes; everything else fails the test.
        }
    }

    private static byte[] soundFrame(KafkaCodec codec, short version, RandomGenerator random) {
        var values = new RandomKafkaMessages(random).struct(codec.kafkaSchema(version));
        ByteBuffer bytes = ByteBuffer.allocate(values.sizeOf());
        values.writeTo(bytes);
        return bytes.array();
    }
}
