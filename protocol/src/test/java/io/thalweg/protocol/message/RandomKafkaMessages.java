package io.thalweg.protocol.message;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Random values for whatever one of Kafka's own schemas asks for. */
final class RandomKafkaMessages {

    /** Deeper than this, lists stay short, so that a message stays small. */
    private static final int BUSY_DEPTH = 1;

    private final RandomValues random;
    private int depth;

    RandomKafkaMessages(RandomGenerator random) {
        this.random = new RandomValues(random);
    }

    Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        depth++;
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def.type));
        }
        depth--;
        return struct;
    }

    private @Nullable Object value(Type type) {
        if (type.isNullable() && random.oneIn(4)) {
            return null;
        }
        if (type instanceof TaggedFields section) {
            return tags(section);
        }
        if (type instanceof Schema schema) {
            return struct(schema);
        }
        return type.arrayElementType().map(this::array).orElseGet(() -> scalar(type));
    }

    private Object array(Type element) {
        @Nullable Object[] values = new Object[random.count(depth <= BUSY_DEPTH ? 12 : 3)];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(element);
        }
        return values;
    }

    private Map<Integer, @Nullable Object> tags(TaggedFields section) {
        Map<Integer, @Nullable Object> values = new TreeMap<>();
        for (Map.Entry<Integer, Field> field : section.fields().entrySet()) {
            if (!random.oneIn(3)) {
                values.put(field.getKey(), value(field.getValue().type));
            }
        }
        return values;
    }

    private Object scalar(Type type) {
        return switch (((Type.DocumentedType) type).typeName()) {
            case "BOOLEAN" -> random.oneIn(2);
            case "INT8" -> (byte) random.number(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "INT16" -> (short) random.number(Short.MIN_VALUE, Short.MAX_VALUE);
            case "UINT16" -> (int) random.number(0, 0xffff);
            case "INT32" -> (int) random.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "INT64" -> random.number(Long.MIN_VALUE, Long.MAX_VALUE);
            case "FLOAT64" -> random.fraction();
            case "UUID" -> new Uuid(random.number(Long.MIN_VALUE, Long.MAX_VALUE), random.number(-1, 1));
            case "STRING", "NULLABLE_STRING", "COMPACT_STRING", "COMPACT_NULLABLE_STRING" -> random.text();
            case "BYTES", "NULLABLE_BYTES", "COMPACT_BYTES", "COMPACT_NULLABLE_BYTES" ->
                ByteBuffer.wrap(random.bytes());
            case "RECORDS", "NULLABLE_RECORDS", "COMPACT_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                MemoryRecords.readableRecords(ByteBuffer.wrap(random.bytes()));
            default -> throw new IllegalStateException("no values of type " + type);
        };
    }
}
