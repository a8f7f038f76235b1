package io.thalweg.coordinator.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MetadataRecordsTest {

    private static final UUID ID = new UUID(1, 2);

    private static final List<Message> EACH = List.of(
            new ClusterRecord("cluster", 7),
            new FeatureRecord("metadata.version", (short) 25),
            new BrokerRecord(
                    1,
                    ID,
                    3,
                    List.of(new BrokerRecord.Endpoint("PLAINTEXT", "localhost", 65_535, (short) 0)),
                    List.of(ID),
                    null,
                    true),
            new BrokerFenceRecord(1, 3, false),
            new TopicRecord("orders", ID),
            new PartitionRecord(ID, 0, List.of(1, 2, 3), List.of(1), 1, 4, 5, List.of(2), List.of(3), List.of(2)),
            new ConfigRecord((byte) 2, "orders", "retention.ms", "5"),
            new ConfigRecord((byte) 2, "orders", "retention.ms", null),
            new ProducerIdsRecord(1000),
            new TopicDeletionRecord(ID),
            new BrokerRemovalRecord(1, 99));

    private static byte[] copyOf(ByteBuffer buffer) {
        var copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    @Test
    void everyRecordComesBackAsItWas() {
        assertThat(MetadataRecords.decode(MetadataRecords.encode(EACH))).isEqualTo(EACH);
    }

    @Test
    void keysAndBytesStayWhatTheyAre() {
        var bytes = MetadataRecords.encode(new TopicRecord("orders", ID));

        assertThat(HexFormat.of().formatHex(copyOf(bytes)))
                .isEqualTo("00040000" + "07" + "6f7264657273" + "00000000000000010000000000000002" + "00");
        assertThat(EACH.stream()
                        .map(record -> MetadataRecords.encode(record).getShort())
                        .toList())
                .containsExactly(
                        (short) 0, (short) 1, (short) 2, (short) 3, (short) 4, (short) 5, (short) 7, (short) 7,
                        (short) 8, (short) 6, (short) 9);
    }

    @Test
    void everyRecordCanBeReplayed() {
        var image = MetadataRecords.replay(MetadataImage.EMPTY, EACH);

        assertThat(image.cluster().id()).isEqualTo("cluster");
        assertThat(image.cluster().nextBrokerEpoch()).isEqualTo(7);
        assertThat(image.cluster().nextProducerId()).isEqualTo(1000);
        assertThat(image.isActive(1)).isTrue();
        assertThat(image.topics()).isEmpty();
    }

    @Test
    void featureAtLevelZeroIsGone() {
        var image = MetadataRecords.replay(
                MetadataImage.EMPTY, List.of(new FeatureRecord("f", (short) 1), new FeatureRecord("f", (short) 0)));

        assertThat(image.cluster().features()).isEmpty();
    }

    @Test
    void unknownRecordIsRefused() {
        var unknown = ByteBuffer.wrap(new byte[] {0, 42, 0, 0});

        assertThatThrownBy(() -> MetadataRecords.decode(unknown))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("metadata record has key 42; known are 0 to 9: a newer version wrote the log");
    }

    @Test
    void damagedRecordIsRefused() {
        var bytes = MetadataRecords.encode(EACH.get(2));
        for (int length = 0; length < bytes.remaining(); length++) {
            var cut = bytes.slice(0, length);
            assertThatThrownBy(() -> MetadataRecords.decode(cut)).isInstanceOf(UnreadableRecordException.class);
        }
        var longer = ByteBuffer.allocate(bytes.remaining() + 1)
                .put(bytes.duplicate())
                .rewind();
        assertThatThrownBy(() -> MetadataRecords.decode(longer)).isInstanceOf(UnreadableRecordException.class);
        var newer = ByteBuffer.wrap(copyOf(bytes)).putShort(2, (short) 9);
        assertThatThrownBy(() -> MetadataRecords.decode(newer)).isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void recordAboutSomethingUnknownIsRefused() {
        assertThatThrownBy(() -> MetadataRecords.replay(MetadataImage.EMPTY, new TopicDeletionRecord(ID)))
                .isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> MetadataRecords.replay(MetadataImage.EMPTY, new BrokerFenceRecord(1, 0, true)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("broker 1 is to be fenced or unfenced but is not registered");
        assertThatThrownBy(() ->
                        MetadataRecords.replay(MetadataImage.EMPTY, new ConfigRecord((byte) 9, "x", "name", "value")))
                .isInstanceOf(UnreadableRecordException.class);
    }
}
