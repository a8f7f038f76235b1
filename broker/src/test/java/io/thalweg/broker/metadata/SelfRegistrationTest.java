package io.thalweg.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.SecurityProtocol;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.broker.runtime.ThreadTimers;
import io.thalweg.broker.runtime.ThreadWorkers;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SelfRegistrationTest {

    private final SplittableRandom random = new SplittableRandom(7);
    private final MemoryStorage storage = new MemoryStorage();

    @Test
    void theRegistrationSaysWhoTheBrokerIsAndWhatItHolds() {
        var directory = new UUID(1, 2);
        var incarnation = new Incarnation(new UUID(3, 4), List.of(directory));
        var endpoint = new Endpoint("here", 9092);

        var request = SelfRegistration.registration(
                "cluster",
                5,
                ConfigValues.of(Map.of("broker.rack", "r1")),
                List.of(new ListenerConfig("PLAINTEXT", SecurityProtocol.PLAINTEXT, endpoint, endpoint)),
                incarnation);

        assertThat(request.brokerId()).isEqualTo(5);
        assertThat(request.clusterId()).isEqualTo("cluster");
        assertThat(request.incarnationId()).isEqualTo(incarnation.id());
        assertThat(request.logDirs()).containsExactly(directory);
        assertThat(request.rack()).isEqualTo("r1");
        assertThat(request.listeners()).extracting("host").containsExactly("here");
    }

    @Test
    void aRestartIsAnotherIncarnationWithTheSameDirectories() {
        var first = incarnation();
        var second = incarnation();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.directories()).isNotEmpty().isEqualTo(first.directories());
    }

    private Incarnation incarnation() {
        try (var timers = new ThreadTimers("self-registration");
                var engine = storage.open(new StorageContext(
                        ConfigValues.empty(), new SystemClock(), timers, new ThreadWorkers("test-"), random))) {
            return Incarnation.begin(engine, random);
        }
    }
}
