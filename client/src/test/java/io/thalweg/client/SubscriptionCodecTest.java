package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SubscriptionCodecTest {

    private static final TopicPartition PARTITION = new TopicPartition("ab", 3);

    private static String hex(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** Version 3, one topic, no user data, one owned partition, generation 9, no rack. */
    @Test
    void membersSayWhatKafkasMembersSay() {
        var said = SubscriptionCodec.encode(List.of("ab"), List.of(PARTITION), 9);

        assertThat(hex(said))
                .isEqualTo("0003" + "00000001" + "00026162" + "ffffffff" + "00000001" + "00026162" + "00000001"
                        + "00000003" + "00000009" + "ffff");
        assertThat(SubscriptionCodec.decode(said))
                .isEqualTo(new SubscriptionCodec.Said(Set.of("ab"), Set.of(PARTITION), 9));
    }

    @Test
    void whatAnOlderVersionLeavesOutIsNothing() {
        var said = HexFormat.of().parseHex("0000" + "00000001" + "00026162" + "00000002" + "beef");

        assertThat(SubscriptionCodec.decode(ByteBuffer.wrap(said)))
                .isEqualTo(new SubscriptionCodec.Said(Set.of("ab"), Set.of(), -1));
    }

    @Test
    void bytesThatSaySomethingElseWantNothing() {
        assertThat(SubscriptionCodec.decode(ByteBuffer.allocate(1)).topics()).isEmpty();
    }

    @Test
    void anAssignmentComesBack() {
        var bytes = AssignmentCodec.encode(List.of(PARTITION, new TopicPartition("c", 0)));

        assertThat(AssignmentCodec.partitions(bytes)).containsExactly(PARTITION, new TopicPartition("c", 0));
        assertThat(hex(bytes)).startsWith("0003" + "00000002" + "00026162").endsWith("ffffffff");
    }
}
