package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.TransportException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TakenPortTest {

    @TempDir
    private Path directory;

    /** Ratis would end the whole process. */
    @Test
    void aVoterWhosePortIsTakenSaysSoToWhoOpensIt() throws Exception {
        try (var rig = new QuorumRig(directory, 3)) {
            var own = rig.voters().get(0).endpoint();
            try (var taken = new ServerSocket(own.port(), 1, InetAddress.getByName(own.host()))) {
                assertThatThrownBy(() -> rig.open(1).close())
                        .isInstanceOf(TransportException.class)
                        .hasMessageContainingAll(String.valueOf(taken.getLocalPort()), "in use");
            }
            rig.form();
        }
    }
}
