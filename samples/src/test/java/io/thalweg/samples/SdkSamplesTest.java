package io.thalweg.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.Thalweg;
import io.thalweg.testing.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void ordersTravelAsJson(Thalweg client) {
        var orders = List.of(new JsonOrders.Order("A-1", 250), new JsonOrders.Order("A-2", 1_999));

        assertThat(JsonOrders.run(client, orders)).isEqualTo(orders);
    }

    @Test
    void ordersOfAnOlderSchemaAreReadAsThoseOfTheNewer(Thalweg client) {
        assertThat(AvroOrders.run(client, List.of("A-1", "A-2"))).containsExactly("A-1 in EUR", "A-2 in EUR");
    }

    @Test
    void eventsOfAnAccountAreWorkedOnInOrder(Thalweg client) throws InterruptedException {
        var worked = KeyedWork.run(client);

        assertThat(worked)
                .hasSize(5)
                .allSatisfy((account, events) -> assertThat(events).isSorted().hasSize(20));
    }
}
