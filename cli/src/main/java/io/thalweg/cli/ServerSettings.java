package io.thalweg.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a server is to run.
 *
 * @param settings by Kafka's names; they win over the file and the two short forms
 */
record ServerSettings(
        @Nullable Path file,
        @Nullable String listen,
        @Nullable String data,
        Map<String, String> settings,
        boolean isVerbose) {

    /** Copies the settings, whose order counts for nothing. */
    ServerSettings {
        settings = Map.copyOf(settings);
    }
}
