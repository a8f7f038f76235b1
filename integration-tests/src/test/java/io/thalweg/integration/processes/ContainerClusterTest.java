package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/** What {@link ContainerCluster} does where the engine fails; it needs none. */
final class ContainerClusterTest {

    private static final DockerImageName IMAGE = DockerImageName.parse("thalweg");

    private final List<String> removed = new ArrayList<>();

    @Test
    void closeRemovesAllThatCanBeRemovedAndTellsWhatFailedFirst(@TempDir Path directory) {
        var cluster = new ContainerCluster(network(), directory, List.of());
        cluster.add(new Container("first", false));
        cluster.add(new Container("second", true));
        cluster.add(new Container("third", true));

        assertThatThrownBy(cluster::close)
                .hasMessage("second stays")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .hasSize(1)
                        .allSatisfy(next -> assertThat(next).hasMessage("third stays")));

        assertThat(removed).containsExactly("first", "second", "third", "network");
    }

    /** One that was never created. */
    private final class Container extends GenericContainer<Container> {

        private final String name;
        private final boolean stays;

        Container(String name, boolean stays) {
            super(IMAGE);
            this.name = name;
            this.stays = stays;
        }

        @Override
        public void stop() {
            removed.add(name);
            if (stays) {
                throw new IllegalStateException(name + " stays");
            }
        }
    }

    private Network network() {
        return new Network() {
            @Override
            public String getId() {
                return "network";
            }

            @Override
            public void close() {
                removed.add("network");
            }
        };
    }
}
