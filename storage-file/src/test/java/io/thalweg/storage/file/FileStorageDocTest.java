package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FileStorageDocTest {

    private static final Path DOC = Path.of("..", "docs", "CONFIGURATION-storage-file.md");

    private static final String INTRODUCTION = """
            # Configuration of storage-file

            <!-- Made from the keys of FileStorage; to make it anew:
                 mvn -pl storage-file -am test -Dtest=FileStorageDocTest -DwriteDocs -Dsurefire.failIfNoSpecifiedTests=false -->

            The settings of the default storage, `storage=file`, next to those in [CONFIGURATION.md](CONFIGURATION.md).

            """;

    @Test
    void docsSayWhatTheKeysSay() throws IOException {
        var made = INTRODUCTION + ConfigTable.markdown(new FileStorage().configKeys());
        if (System.getProperty("writeDocs") != null) {
            Files.writeString(DOC, made);
        }

        var written = Files.readString(DOC);

        assertThat(written)
                .as("docs/CONFIGURATION-storage-file.md is stale; its second line says how to make it anew")
                .isEqualTo(made);
    }
}
