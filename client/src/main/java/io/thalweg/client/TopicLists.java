package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Partitions by topic as members of classic groups write them: an int32 count of topics, of each its name (int16 length, UTF-8) and its
 * partitions (int32 count, int32 each).
 */
final class TopicLists {

    private TopicLists() {}

    static int sizeInBytes(Collection<TopicPartition> partitions) {
        return Integer.BYTES
                + byTopic(partitions).entrySet().stream()
                        .mapToInt(each -> sizeOfText(each.getKey())
                                + Integer.BYTES * (1 + each.getValue().size()))
                        .sum();
    }

    private static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .collect(Collectors.groupingBy(
                        TopicPartition::topic,
                        TreeMap::new,
                        Collectors.mapping(TopicPartition::partition, Collectors.toList())));
    }

    static int sizeOfText(String text) {
        return Short.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void put(ByteBuffer bytes, Collection<TopicPartition> partitions) {
        var topics = byTopic(partitions);
        bytes.putInt(topics.size());
        topics.forEach((topic, numbers) -> {
            putText(bytes, topic);
            bytes.putInt(numbers.size());
            numbers.stream().sorted().forEach(bytes::putInt);
        });
    }

    static void putText(ByteBuffer bytes, String text) {
        var encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.putShort((short) encoded.length).put(encoded);
    }

    static void read(ByteBuffer bytes, Collection<TopicPartition> partitions) {
        for (var topics = bytes.getInt(); topics > 0; topics--) {
            var topic = text(bytes);
            for (var count = bytes.getInt(); count > 0; count--) {
                partitions.add(new TopicPartition(topic, bytes.getInt()));
            }
        }
    }

    static String text(ByteBuffer bytes) {
        var length = bytes.getShort();
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        var name = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return StandardCharsets.UTF_8.decode(name).toString();
    }
}
