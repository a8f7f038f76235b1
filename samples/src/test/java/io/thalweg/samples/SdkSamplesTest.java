package io.thalweg.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.Thalweg;
import io.thalweg.testing.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SdkSamplesTest {

    // README: extension
    @RegisterExtension
    private static final TestBroker BROKER = TestBroker.inProcess();

    @Test
    void wordsOfTheLicenceAreCounted(Thalweg client) throws IOException {
        var counts = WordCount.run(client, Files.readAllLines(Path.of("..", "LICENSE")));

        assertThat(counts).containsKeys("license", "work").doesNotContainKey("");
    }
    // end

    @Test
    void eventsOfAnAccountAreWorkedOnInOrder(Thalweg client) throws InterruptedException {
        var worked = KeyedWork.run(client);

        assertThat(worked)
                .hasSize(5)
                .allSatisfy((account, events) -> assertThat(events).isSorted().hasSize(20));
    }
}
