package io.thalweg.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of {@code server} if they are of the plainest form, and leaves everything else, all that is wrong included, to
 * picocli. Confined to one call.
 *
 * <p>A server is to start fast, and no JVM can keep picocli's classes in its archive of loaded ones: their format is too old.
 */
final class PlainServerArguments {

    private @Nullable Path file;
    private @Nullable String listen;
    private @Nullable String data;
    private final Map<String, String> settings = new HashMap<>();

    private PlainServerArguments() {}

    /** Empty if picocli has to look at them. */
    static Optional<ServerSettings> read(String... arguments) {
        var plain = new PlainServerArguments();
        for (var words = Arrays.asList(arguments).iterator(); words.hasNext(); ) {
            var word = words.next();
            var isTaken = word.startsWith("-")
                    ? words.hasNext() && plain.takesOption(word, words.next())
                    : plain.takesFile(word);
            if (!isTaken) {
                return Optional.empty();
            }
        }
        return Optional.of(new ServerSettings(plain.file, plain.listen, plain.data, plain.settings, false));
    }

    private boolean takesFile(String word) {
        if (file != null || word.isEmpty()) {
            return false;
        }
        file = Path.of(word);
        return true;
    }

    private boolean takesOption(String name, String value) {
        if (value.isEmpty() || value.startsWith("-") || value.indexOf('"') >= 0) {
            return false;
        }
        if (name.equals("--listen") && listen == null) {
            listen = value;
            return true;
        }
        if (name.equals("--data") && data == null) {
            data = value;
            return true;
        }
        return name.equals("--set") && takesSetting(value);
    }

    private boolean takesSetting(String assignment) {
        var equals = assignment.indexOf('=');
        if (equals < 1) {
            return false;
        }
        settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        return true;
    }
}
