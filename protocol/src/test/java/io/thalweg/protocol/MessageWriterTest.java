package io.thalweg.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MessageWriterTest {

    private static final short VERSION = 9;

    @Test
    void sizesOfStringsAreThoseOfTheirUtf8() {
        for (String text :
                List.of("", "plain", "é", "中文", "\uD83D\uDE00", "a\uD83D", "\uDE00b", "\uD83D\uD83D\uDE00")) {
            assertThat(WireSize.ofUtf8(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void sizesOfVariableLengthNumbersAreWhatIsWritten() {
        for (int value : new int[] {0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 268435455, 268435456, -1}) {
            ByteBuffer target = ByteBuffer.allocate(8);

            new MessageWriter(target).writeUnsignedVarint(value);

            assertThat(target.position()).isEqualTo(WireSize.ofUnsignedVarint(value));
            assertThat(new MessageReader(target.flip()).readUnsignedVarint("f")).isEqualTo(value);
        }
    }

    @Test
    void stringsThatAreTooLongAreRefused() {
        String text = "x".repeat(32768);

        assertThatThrownBy(() -> new MessageWriter(ByteBuffer.allocate(40_000)).writeString(true, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("string of 32768 bytes is longer than 32767");
    }

    @Test
    void recordsAreCopiedWithoutASink() {
        ProduceRequest request = requestWith(new BufferRecords(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        ByteBuffer target = ByteBuffer.allocate(request.sizeInBytes(VERSION));

        request.write(new MessageWriter(target), VERSION);

        assertThat(target.hasRemaining()).isFalse();
        assertThat(ProduceRequest.read(new MessageReader(target.flip()), VERSION))
                .isEqualTo(request);
    }

    @Test
    void recordsAreHandedToTheSinkWithTheirPlace() {
        Records onDisk = () -> 1000;
        ProduceRequest request = requestWith(onDisk);
        ByteBuffer target = ByteBuffer.allocate(request.sizeInBytes(VERSION) - 1000);
        List<Integer> positions = new ArrayList<>();
        List<Records> taken = new ArrayList<>();

        request.write(
                new MessageWriter(target, (position, records) -> {
                    positions.add(position);
                    taken.add(records);
                }),
                VERSION);

        assertThat(taken).containsExactly(onDisk);
        assertThat(target.hasRemaining()).isFalse();
        // What follows the records: no tags of the partition, the topic and the request.
        assertThat(positions).containsExactly(target.limit() - 3);
    }

    @Test
    void recordsThatAreNotInABufferNeedASink() {
        ProduceRequest request = requestWith(() -> 5);

        assertThatThrownBy(() -> request.write(new MessageWriter(ByteBuffer.allocate(100)), VERSION))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("are written through a sink only");
    }

    @Test
    void versionsThatAMessageDoesNotHaveAreRefused() {
        assertThatThrownBy(() -> requestWith(BufferRecords.EMPTY).sizeInBytes((short) 14))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ProduceRequest has versions 3 to 13, asked for 14");
    }

    @Test
    void nullWhereNoVersionAllowsItIsRefusedByName() {
        assertThatThrownBy(() -> new ProduceRequest.Topic("orders", Message.ZERO_UUID, nothing()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("ProduceRequest.Topic.partitionData");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // The null is what is tested.
    private static <T> T nothing() {
        return null;
    }

    private static ProduceRequest requestWith(Records records) {
        return ProduceRequest.builder()
                .acks((short) -1)
                .topicData(List.of(ProduceRequest.Topic.builder()
                        .name("orders")
                        .partitionData(List.of(ProduceRequest.Partition.builder()
                                .index(3)
                                .records(records)
                                .build()))
                        .build()))
                .build();
    }
}
