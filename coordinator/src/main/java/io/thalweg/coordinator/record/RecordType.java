package io.thalweg.coordinator.record;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.MessageReader;
import java.util.List;

/**
 * One kind of record: its key, how to read it and what replaying it does.
 *
 * @param key tells it from the others in the log; never used again for another kind
 * @param version the version that is written
 */
record RecordType<R extends Message>(short key, short version, Class<R> javaType, Reader<R> reader, Replay<R> replay) {

    private static final List<RecordType<?>> ALL = List.of(
            of(ClusterRecord.KEY, ClusterRecord.HIGHEST_VERSION, ClusterRecord.class, ClusterRecord::read)
                    .replayedBy(Replays::cluster),
            of(FeatureRecord.KEY, FeatureRecord.HIGHEST_VERSION, FeatureRecord.class, FeatureRecord::read)
                    .replayedBy(Replays::feature),
            of(BrokerRecord.KEY, BrokerRecord.HIGHEST_VERSION, BrokerRecord.class, BrokerRecord::read)
                    .replayedBy(Replays::broker),
            of(
                            BrokerFenceRecord.KEY,
                            BrokerFenceRecord.HIGHEST_VERSION,
                            BrokerFenceRecord.class,
                            BrokerFenceRecord::read)
                    .replayedBy(Replays::brokerFence),
            of(TopicRecord.KEY, TopicRecord.HIGHEST_VERSION, TopicRecord.class, TopicRecord::read)
                    .replayedBy(Replays::topic),
            of(PartitionRecord.KEY, PartitionRecord.HIGHEST_VERSION, PartitionRecord.class, PartitionRecord::read)
                    .replayedBy(Replays::partition),
            of(
                            TopicDeletionRecord.KEY,
                            TopicDeletionRecord.HIGHEST_VERSION,
                            TopicDeletionRecord.class,
                            TopicDeletionRecord::read)
                    .replayedBy(Replays::topicDeletion),
            of(ConfigRecord.KEY, ConfigRecord.HIGHEST_VERSION, ConfigRecord.class, ConfigRecord::read)
                    .replayedBy(Replays::config),
            of(
                            ProducerIdsRecord.KEY,
                            ProducerIdsRecord.HIGHEST_VERSION,
                            ProducerIdsRecord.class,
                            ProducerIdsRecord::read)
                    .replayedBy(Replays::producerIds),
            of(
                            BrokerRemovalRecord.KEY,
                            BrokerRemovalRecord.HIGHEST_VERSION,
                            BrokerRemovalRecord.class,
                            BrokerRemovalRecord::read)
                    .replayedBy(Replays::brokerRemoval));

    /** Decodes a record. */
    interface Reader<R> {
        R read(MessageReader in, short version);
    }

    /** Gives the image after a record. */
    interface Replay<R> {
        MetadataImage replay(MetadataImage image, R record);
    }

    private static <R extends Message> RecordType<R> of(short key, short version, Class<R> type, Reader<R> reader) {
        return new RecordType<>(key, version, type, reader, (image, record) -> image);
    }

    private RecordType<R> replayedBy(Replay<R> how) {
        return new RecordType<>(key, version, javaType, reader, how);
    }

    static RecordType<?> of(Message record) {
        return ALL.stream()
                .filter(type -> type.javaType.isInstance(record))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(record + " is not a record of the metadata log"));
    }

    static RecordType<?> of(short key) {
        return ALL.stream()
                .filter(type -> type.key == key)
                .findFirst()
                .orElseThrow(() -> new UnreadableRecordException("metadata record has key " + key + "; known are 0 to "
                        + ALL.get(ALL.size() - 1).key + ": a newer version wrote the log"));
    }

    MetadataImage replay(MetadataImage image, Message record) {
        return replay.replay(image, javaType.cast(record));
    }
}
