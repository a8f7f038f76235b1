package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationDocTest {

    private static final Path DOC = Path.of("..", "docs", "CONFIGURATION.md");

    @Test
    void docsSayWhatTheKeysSay() throws IOException {
        var made = ConfigurationDoc.markdown();
        if (System.getProperty("writeDocs") != null) {
            Files.writeString(DOC, made);
        }

        var written = Files.readString(DOC);

        assertThat(written)
                .as("docs/CONFIGURATION.md is stale; its second line says how to make it anew")
                .isEqualTo(made);
    }
}
