package io.thalweg.protocol.message;

import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.Records;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Random messages of our own types that can be written in one version.
 *
 * <p>It knows nothing of schemas: it fills every field, and learns from the refusals which ones this version lacks or
 * does not let be null. What it learns is as right as the refusals are; the tests against Kafka's schemas judge those.
 */
final class RandomMessages {

    private static final Pattern MISSING = Pattern.compile("(\\S+) is set, but version .*");
    private static final Pattern NOT_NULL = Pattern.compile("(\\S+) is null, which version .*|^(\\w+\\.[\\w.]+)$");

    private final Class<? extends Record> type;
    private final short version;
    private final Set<String> missing = new HashSet<>();
    private final Set<String> notNull = new HashSet<>();
    private final Map<Class<?>, Shape> shapes = new HashMap<>();

    RandomMessages(Class<? extends Record> type, short version) {
        this.type = type;
        this.version = version;
    }

    Message next(RandomGenerator random) throws ReflectiveOperationException {
        for (int attempts = 0; attempts < 500; attempts++) {
            try {
                Message message = (Message) struct(type, new RandomValues(random), 0);
                KafkaCodec.write(message, version);
                return message;
            } catch (IllegalArgumentException | InvocationTargetException refused) {
                learn(refused);
            }
        }
        throw new IllegalStateException("no " + type.getSimpleName() + " can be written in version " + version);
    }

    private void learn(Exception refused) {
        Throwable cause = refused instanceof InvocationTargetException wrapped ? wrapped.getTargetException() : refused;
        String reason = String.valueOf(cause.getMessage());
        Matcher unset = MISSING.matcher(reason);
        Matcher set = NOT_NULL.matcher(reason);
        if (unset.matches()) {
            missing.add(unset.group(1));
        } else if (set.matches()) {
            notNull.add(set.group(1) == null ? set.group(2) : set.group(1));
        } else {
            throw new IllegalStateException("refused for no reason known here", refused);
        }
    }

    private Record struct(Class<?> type, RandomValues random, int depth) throws ReflectiveOperationException {
        Shape shape = shapes.computeIfAbsent(type, Shape::of);
        @Nullable Object[] values = new Object[shape.components().size()];
        for (int i = 0; i < values.length; i++) {
            RecordComponent component = shape.components().get(i);
            String path = shape.path() + "." + component.getName();
            if (missing.contains(path) || random.oneIn(10)) {
                values[i] = component.getAccessor().invoke(shape.defaults());
            } else {
                values[i] = value(path, component.getGenericType(), random, depth);
            }
        }
        return (Record) shape.constructor().newInstance(values);
    }

    private @Nullable Object value(String path, Type wanted, RandomValues random, int depth)
            throws ReflectiveOperationException {
        boolean isReference = !(wanted instanceof Class<?> plain) || !plain.isPrimitive();
        if (isReference && wanted != UUID.class && !notNull.contains(path) && random.oneIn(5)) {
            return null;
        }
        if (wanted instanceof ParameterizedType list) {
            List<Object> elements = new ArrayList<>();
            for (int count = random.count(depth == 0 ? 12 : 3); count > 0; count--) {
                elements.add(element(list.getActualTypeArguments()[0], random, depth));
            }
            return elements;
        }
        return element(wanted, random, depth);
    }

    private Object element(Type wanted, RandomValues random, int depth) throws ReflectiveOperationException {
        Class<?> plain = (Class<?>) wanted;
        return plain.isRecord() ? struct(plain, random, depth + 1) : scalar(plain, random);
    }

    private static Object scalar(Class<?> wanted, RandomValues random) {
        if (wanted == boolean.class) {
            return random.oneIn(2);
        } else if (wanted == byte.class || wanted == Byte.class) {
            return (byte) random.number(Byte.MIN_VALUE, Byte.MAX_VALUE);
        } else if (wanted == short.class || wanted == Short.class) {
            return (short) random.number(Short.MIN_VALUE, Short.MAX_VALUE);
        } else if (wanted == int.class || wanted == Integer.class) {
            return (int) random.number(0, 0xffff);
        } else if (wanted == long.class || wanted == Long.class) {
            return random.number(Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (wanted == double.class) {
            return random.fraction();
        } else if (wanted == UUID.class) {
            return new UUID(random.number(Long.MIN_VALUE, Long.MAX_VALUE), random.number(-1, 1));
        } else if (wanted == String.class) {
            return random.text();
        } else if (wanted == ByteBuffer.class) {
            return ByteBuffer.wrap(random.bytes());
        } else if (wanted == Records.class) {
            return new BufferRecords(ByteBuffer.wrap(random.bytes()));
        }
        throw new IllegalStateException("no values of " + wanted);
    }

    /** What reflection tells about a record, asked for once. */
    private record Shape(String path, List<RecordComponent> components, Constructor<?> constructor, Record defaults) {

        static Shape of(Class<?> type) {
            try {
                Class<?> outer = type.getEnclosingClass();
                String path = (outer == null ? "" : outer.getSimpleName() + ".") + type.getSimpleName();
                RecordComponent[] components = type.getRecordComponents();
                Class<?>[] types =
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
                return new Shape(
                        path, List.of(components), type.getDeclaredConstructor(types), KafkaCodec.defaults(type));
            } catch (ReflectiveOperationException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }
}
