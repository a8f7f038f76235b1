package io.thalweg.protocol.message;

import io.thalweg.protocol.BufferRecords;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Compares a message of ours, field by field and by name, with Kafka's class for it. */
final class Likeness {

    private static final Map<Class<?>, List<Pair>> PAIRS = new ConcurrentHashMap<>();

    private Likeness() {}

    /** Throws an error that names the first field that differs. */
    static void require(Record ours, Object kafkas) throws ReflectiveOperationException {
        require(ours.getClass().getSimpleName(), ours, kafkas);
    }

    /** Compares what builders give when nothing is set, for a message and for all of its parts. */
    static void requireDefaults(Class<?> ours, Class<?> kafkas) throws ReflectiveOperationException {
        require(KafkaCodec.defaults(ours), kafkas.getConstructor().newInstance());
        for (Pair pair : pairs(ours, kafkas)) {
            Class<?> part = element(pair.ours().getGenericReturnType());
            if (part.isRecord()) {
                requireDefaults(part, element(pair.kafkas().getGenericReturnType()));
            }
        }
    }

    /** The type of an element if it is a list, or a subclass of a list, and itself if not. */
    private static Class<?> element(Type type) {
        if (type instanceof ParameterizedType list) {
            return (Class<?>) list.getActualTypeArguments()[0];
        }
        Class<?> plain = (Class<?>) type;
        return Collection.class.isAssignableFrom(plain) ? element(plain.getGenericSuperclass()) : plain;
    }

    private static void require(String path, Record ours, Object kafkas) throws ReflectiveOperationException {
        for (Pair pair : PAIRS.computeIfAbsent(ours.getClass(), type -> pairs(type, kafkas.getClass()))) {
            compare(
                    path + "." + pair.ours().getName(),
                    pair.ours().invoke(ours),
                    pair.kafkas().invoke(kafkas));
        }
    }

    private static List<Pair> pairs(Class<?> ours, Class<?> kafkas) {
        List<Pair> pairs = new ArrayList<>();
        for (RecordComponent component : ours.getRecordComponents()) {
            try {
                Method kafkaAccessor = kafkas.getMethod(component.getName().replace("Millis", "Ms"));
                pairs.add(new Pair(component.getAccessor(), kafkaAccessor));
            } catch (NoSuchMethodException missing) {
                throw new AssertionError(kafkas + " lacks " + component, missing);
            }
        }
        return pairs;
    }

    /** The accessors of one field. */
    private record Pair(Method ours, Method kafkas) {}

    private static void compare(String path, @Nullable Object ours, @Nullable Object kafkas)
            throws ReflectiveOperationException {
        if (ours == BufferRecords.EMPTY && kafkas == null) {
            return; // Our default where null is not allowed; Kafka's class starts from a null that it refuses to write.
        }
        if (ours == null || kafkas == null) {
            requireEqual(path, ours, kafkas);
        } else if (ours instanceof Record struct && !(ours instanceof BufferRecords)) {
            require(path, struct, kafkas);
        } else if (ours instanceof List<?> list) {
            compare(path, list, (Collection<?>) kafkas);
        } else {
            requireEqual(path, ours, likeOurs(kafkas));
        }
    }

    private static void compare(String path, List<?> ours, Collection<?> kafkas) throws ReflectiveOperationException {
        requireEqual(path + ".size", ours.size(), kafkas.size());
        Iterator<?> others = kafkas.iterator();
        for (int i = 0; i < ours.size(); i++) {
            compare(path + "[" + i + "]", ours.get(i), others.next());
        }
    }

    private static Object likeOurs(Object kafkas) {
        if (kafkas instanceof Uuid uuid) {
            return new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        }
        if (kafkas instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        return kafkas instanceof MemoryRecords records ? new BufferRecords(records.buffer()) : kafkas;
    }

    private static void requireEqual(String path, @Nullable Object ours, @Nullable Object kafkas) {
        if (!Objects.equals(ours, kafkas)) {
            throw new AssertionError(path + " is " + ours + ", in Kafka's class " + kafkas);
        }
    }
}
