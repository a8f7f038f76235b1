package io.thalweg.coordinator.group;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import java.util.Collection;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Finds what members subscribe to among the topics there are; pure functions. */
final class TopicLookup {

    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;

    private TopicLookup() {}

    /** Refuses what is no regular expression in RE2's syntax, which is matched in time linear in the name's length. */
    static void check(String regex) {
        compile(regex);
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new GroupRefusedException(
                    ErrorCode.INVALID_REGULAR_EXPRESSION,
                    "SubscribedTopicRegex `" + regex + "` is not a valid regular expression: " + e.getDescription()
                            + ".");
        }
    }

    /** The topics whose whole name the expression matches. */
    static SortedSet<String> matching(String regex, MetadataImage image) {
        var pattern = compile(regex);
        var found = new TreeSet<String>();
        for (var topic : image.topics()) {
            if (pattern.matches(topic.name())) {
                found.add(topic.name());
            }
        }
        return found;
    }

    /** Ids of the topics of these names that exist. */
    static SortedSet<UUID> ids(Collection<String> names, MetadataImage image) {
        var ids = new TreeSet<UUID>();
        names.forEach(name -> image.topic(name).ifPresent(topic -> ids.add(topic.id())));
        return ids;
    }

    /** How many partitions those topics have that exist. */
    static SortedMap<UUID, Integer> partitionCounts(Collection<String> names, MetadataImage image) {
        var counts = new TreeMap<UUID, Integer>();
        names.forEach(name -> image.topic(name).ifPresent(topic -> counts.put(topic.id(), topic.partitionCount())));
        return counts;
    }

    /**
     * A number that is another one once a topic of these names comes, goes or grows: FNV-1a of ids and counts; 0 if none exists. Kafka
     * computes another one, so that a group it has left is assigned anew once.
     */
    static long hash(Collection<String> names, MetadataImage image) {
        var counts = partitionCounts(names, image);
        if (counts.isEmpty()) {
            return 0;
        }
        var hash = FNV_OFFSET;
        for (var each : counts.entrySet()) {
            hash = mix(hash, each.getKey().getMostSignificantBits());
            hash = mix(hash, each.getKey().getLeastSignificantBits());
            hash = mix(hash, each.getValue());
        }
        return hash;
    }

    private static long mix(long hash, long value) {
        var mixed = hash;
        for (var shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            mixed = (mixed ^ ((value >>> shift) & 0xff)) * FNV_PRIME;
        }
        return mixed;
    }
}
