package io.thalweg.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.group.record.GroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataValue;
import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.coordinator.group.record.OffsetCommitValue;
import io.thalweg.protocol.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against bytes laid out by hand as Apache Kafka's record schemas say. */
final class GroupRecordsTest {

    private static final OffsetCommitKey OFFSET_KEY = new OffsetCommitKey("g", "t", 3);

    @Test
    void anOffsetIsWrittenAsVersion3() {
        var record = new GroupRecord(OFFSET_KEY, new OffsetCommitValue(5, 2, "m", 9, -1, Message.ZERO_UUID));

        assertThat(hex(GroupRecords.key(record))).isEqualTo("0001" + "000167" + "000174" + "00000003");
        assertThat(hex(GroupRecords.value(record)))
                .isEqualTo("0003" + "0000000000000005" + "00000002" + "00016d" + "0000000000000009");
        assertThat(roundTrip(record)).isEqualTo(record);
    }

    @Test
    void anOffsetWithATopicIdIsWrittenAsVersion4() {
        var record = new GroupRecord(OFFSET_KEY, new OffsetCommitValue(5, 2, "m", 9, -1, new UUID(1, 2)));

        assertThat(hex(GroupRecords.value(record)))
                .isEqualTo("0004" + "0000000000000005" + "00000002" + "026d" + "0000000000000009" + "01" + "00" + "10"
                        + "00000000000000010000000000000002");
        assertThat(roundTrip(record)).isEqualTo(record);
    }

    @Test
    void anOffsetThatExpiresIsWrittenAsVersion1() {
        var record = new GroupRecord(OFFSET_KEY, new OffsetCommitValue(5, -1, "", 9, 10, Message.ZERO_UUID));

        assertThat(hex(GroupRecords.value(record)))
                .isEqualTo("0001" + "0000000000000005" + "0000" + "0000000000000009" + "000000000000000a");
        assertThat(roundTrip(record)).isEqualTo(record);
    }

    @Test
    void aGroupIsWrittenAsVersion3() {
        var member = new GroupMetadataValue.Member(
                "i", null, "c", "h", 60, 10, ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(new byte[] {2, 3}));
        var record = new GroupRecord(
                new GroupMetadataKey("g"), new GroupMetadataValue("consumer", 7, "range", "i", 11, List.of(member)));

        assertThat(hex(GroupRecords.key(record))).isEqualTo("0002" + "000167");
        assertThat(hex(GroupRecords.value(record)))
                .isEqualTo("0003" + "0008636f6e73756d6572" + "00000007" + "000572616e6765" + "000169"
                        + "000000000000000b" + "00000001" + "000169" + "ffff" + "000163" + "000168" + "0000003c"
                        + "0000000a" + "0000000101" + "000000020203");
        assertThat(roundTrip(record)).isEqualTo(record);
    }

    @Test
    void aTombstoneHasNoValue() {
        var record = GroupMetadata.tombstone("g");

        assertThat(GroupRecords.value(record)).isNull();
        assertThat(roundTrip(record)).isEqualTo(record);
    }

    @Test
    void otherKindsOfRecordsAreLeftAlone() {
        assertThat(GroupRecords.decode(ByteBuffer.wrap(HexFormat.of().parseHex("000b000167")), null))
                .isEmpty();
    }

    private static GroupRecord roundTrip(GroupRecord record) {
        return GroupRecords.decode(GroupRecords.key(record), GroupRecords.value(record))
                .orElseThrow();
    }

    private static String hex(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return "null";
        }
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
