package io.thalweg.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.metrics.Meters;
import io.thalweg.broker.runtime.World;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class AssemblyTest {

    /** As one whose native library does not load. */
    private record UnlinkedStorage() implements StorageProvider {

        @Override
        public String name() {
            return "unlinked";
        }

        @Override
        public List<ConfigKey<?>> configKeys() {
            return List.of();
        }

        @Override
        public StorageEngine open(StorageContext context) {
            throw new UnsatisfiedLinkError("no such library");
        }
    }

    @Test
    void anErrorInAStartClosesWhatWasOpened() {
        var isClosed = new AtomicBoolean();
        var parts = new ResourceStack(World.patienceOf(1));
        parts.push((AutoCloseable) () -> isClosed.set(true));
        try (var network = InProcessNetwork.open()) {
            var plan = new Plan(
                    ConfigValues.empty(),
                    ConfigCatalog.ofBroker(List.of()),
                    new UnlinkedStorage(),
                    null,
                    network,
                    Meters.NONE,
                    new CompletableFuture<>());
            var assembly = new Assembly(plan, World.ofMachine(1, parts::push), parts, true);

            assertThatThrownBy(assembly::start).isInstanceOf(UnsatisfiedLinkError.class);

            assertThat(isClosed).isTrue();
        }
    }
}
