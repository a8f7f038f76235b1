package io.thalweg.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SamplesTest {

    private static final List<String> GREETINGS = List.of("hello", "hallo");

    @Test
    void embeddedBrokerServesKafkaClients(@TempDir Path directory) throws Exception {
        assertThat(EmbeddedBroker.run(directory)).isEqualTo(GREETINGS);
    }

    @Test
    void assembledBrokerServesItsOwnClientWithoutSockets() {
        assertThat(AssembledBroker.run()).isEqualTo(GREETINGS);
    }

    @Test
    void storageMayBePluggedInByHand(@TempDir Path directory) throws Exception {
        assertThat(PluggedInStorage.run(directory.resolve("journal"))).isEqualTo(GREETINGS);
    }

    @Test
    void storageMayBeChosenBySettings(@TempDir Path directory) throws Exception {
        assertThat(PluggedInStorage.runBySettings(directory.resolve("journal"))).isEqualTo(GREETINGS);
    }
}
