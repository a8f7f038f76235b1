package io.thalweg.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What applications compile against, as text in {@code api/api.txt}: a change of it shows in the diff of the commit that makes it.
 * {@code -Dapi.update=true} writes the file anew.
 */
final class ApiSnapshotTest {

    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path SNAPSHOT = Path.of("api.txt");

    @Test
    void surfaceIsAsWrittenDown() throws Exception {
        var surface = surface();
        if (Boolean.getBoolean("api.update")) {
            Files.write(SNAPSHOT, surface);
        }

        assertThat(surface)
                .as(
                        "the surface of the API; if the change is wanted, run this test with -Dapi.update=true and say why in an ADR")
                .isEqualTo(Files.readAllLines(SNAPSHOT));
    }

    private static List<String> surface() throws IOException, ClassNotFoundException {
        var lines = new ArrayList<String>();
        for (var name : classNames()) {
            var type = Class.forName(name, false, ApiSnapshotTest.class.getClassLoader());
            if (isVisible(type)) {
                describe(type, lines);
            }
        }
        return lines;
    }

    private static List<String> classNames() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace('/', '.')
                            .replace('\\', '.'))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isVisible(Class<?> type) {
        return isOffered(type.getModifiers())
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isOffered(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static void describe(Class<?> type, List<String> lines) {
        lines.add(kind(type) + " " + type.getName() + parents(type));
        var members = new ArrayList<String>();
        for (Field field : type.getDeclaredFields()) {
            if (isOffered(field.getModifiers())) {
                members.add("    " + modifiers(field.getModifiers()) + name(field.getGenericType()) + " "
                        + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isOffered(constructor.getModifiers())) {
                members.add("    " + modifiers(constructor.getModifiers()) + "new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isOffered(method.getModifiers()) && !method.isSynthetic()) {
                var isDefault = method.isDefault() ? "default " : "";
                members.add("    " + modifiers(method.getModifiers()) + isDefault + name(method.getGenericReturnType())
                        + " " + method.getName() + parameters(method));
            }
        }
        members.sort(null);
        lines.addAll(members);
    }

    private static String kind(Class<?> type) {
        var sealed = type.isSealed() ? "sealed " : "";
        if (type.isRecord()) {
            return "record"
                    + Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .collect(Collectors.joining(", ", "(", ")"));
        }
        return sealed
                + (type.isEnum()
                        ? "enum"
                        : type.isInterface() ? "interface" : modifiers(type.getModifiers()) + "class");
    }

    private static String parents(Class<?> type) {
        var parents = new ArrayList<Type>(Arrays.asList(type.getGenericInterfaces()));
        var parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && parent != Record.class && !type.isEnum()) {
            parents.add(0, parent);
        }
        return parents.isEmpty()
                ? ""
                : parents.stream().map(ApiSnapshotTest::name).collect(Collectors.joining(", ", " : ", ""));
    }

    private static String modifiers(int modifiers) {
        var shown = modifiers & (Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT);
        return shown == 0 ? "" : Modifier.toString(shown) + " ";
    }

    private static String parameters(Executable executable) {
        var thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(ApiSnapshotTest::name)
                .collect(Collectors.joining(", "));
        return Arrays.stream(executable.getGenericParameterTypes())
                        .map(ApiSnapshotTest::name)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String name(Type type) {
        return type.getTypeName();
    }
}
