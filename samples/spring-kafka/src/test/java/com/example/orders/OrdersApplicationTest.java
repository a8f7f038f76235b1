package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrdersApplicationTest {

    private static void awaitBook(OrdersApplication application, Map<String, Integer> expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(application.book()).isEqualTo(expected));
    }

    @Test
    void theBookIsKeptAndGoesOnWhereItStopped(@TempDir Path directory) {
        try (var application = OrdersApplication.start(directory)) {
            application.order("ada", 2);
            application.order("bob", 1);
            application.order("ada", 3);
            awaitBook(application, Map.of("ada", 5, "bob", 1));
        }
        try (var again = OrdersApplication.start(directory)) {
            again.order("eve", 7);
            awaitBook(again, Map.of("eve", 7));
        }
    }
}
