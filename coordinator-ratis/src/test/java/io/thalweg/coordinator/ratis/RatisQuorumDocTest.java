package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RatisQuorumDocTest {

    private static final Path DOC = Path.of("..", "docs", "CONFIGURATION-coordinator-ratis.md");

    private static final String INTRODUCTION = """
            # Configuration of coordinator-ratis

            <!-- Made from the keys of RatisQuorum; to make it anew:
                 mvn -pl coordinator-ratis -am test -Dtest=RatisQuorumDocTest -DwriteDocs -Dsurefire.failIfNoSpecifiedTests=false -->

            The settings of the metadata quorum of servers that form a cluster, next to those in [CONFIGURATION.md](CONFIGURATION.md). All
            servers that vote should have the same ones.

            """;

    @Test
    void docsSayWhatTheKeysSay() throws IOException {
        var made = INTRODUCTION + ConfigTable.markdown(new RatisQuorum().configKeys());
        if (System.getProperty("writeDocs") != null) {
            Files.writeString(DOC, made);
        }

        var written = Files.readString(DOC);

        assertThat(written)
                .as("docs/CONFIGURATION-coordinator-ratis.md is stale; its second line says how to make it anew")
                .isEqualTo(made);
    }
}
