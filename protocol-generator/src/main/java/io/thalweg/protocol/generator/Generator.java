package io.thalweg.protocol.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The build's way in: {@code Generator <folder of schemas> <folder of generated sources> <package of the messages>}.
 *
 * <p>Each message becomes a record of that package. If any schema declares an api, the enum {@code ApiKey} and the class
 * {@code MessageCodec} are written too.
 */
public final class Generator {

    private Generator() {}

    /** Runs once; a schema that cannot be used ends it with a text that names file and line. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException(
                    "expected <schema folder> <output folder> <package>, not " + String.join(" ", arguments));
        }
        run(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    static void run(Path schemas, Path output, String targetPackage) throws IOException {
        List<MessageSchema> messages = parse(schemas);
        OutputFolder folder = new OutputFolder(output);
        for (MessageSchema message : messages) {
            folder.write(targetPackage, message.name(), RecordCode.of(message, targetPackage));
        }
        List<Api> apis = messages.stream()
                .flatMap(message -> message.api().stream())
                .distinct()
                .sorted(Comparator.comparingInt(Api::key))
                .toList();
        if (!apis.isEmpty()) {
            folder.write(RecordCode.RUNTIME, "ApiKey", ApiKeyCode.of(apis));
            folder.write(targetPackage, "MessageCodec", MessageCodecCode.of(apis, targetPackage));
        }
        folder.deleteOthers();
    }

    private static List<MessageSchema> parse(Path schemas) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(schemas)) {
            files = found.filter(file -> file.toString().endsWith(".schema"))
                    .sorted()
                    .toList();
        }
        List<MessageSchema> messages = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Integer> keys = new HashSet<>();
        for (Path file : files) {
            for (MessageSchema message : SchemaParser.parse(file.toString(), Files.readString(file))) {
                refuseTwice(file, names.add(message.name()), "message " + message.name());
                message.api()
                        .filter(api -> message.kind() == MessageSchema.Kind.REQUEST)
                        .ifPresent(api -> refuseTwice(file, keys.add(api.key()), "key " + api.key()));
                messages.add(message);
            }
        }
        return messages;
    }

    private static void refuseTwice(Path file, boolean isNew, String what) {
        if (!isNew) {
            throw new SchemaException(file.toString(), 1, what + " is declared by another file too");
        }
    }
}
