package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The suite for transports. A plug-in's test class extends it and implements {@link #open}.
 *
 * <p>The tests stand in one interface for each subject, which this class gathers.
 */
public abstract class TransportSuite
        implements FrameTests, SpliceTests, FlowTests, ConnectionTests, ConnectingLoopTests, ListenerTests, LifeTests {

    private static final int ROUNDS = 100;

    private @Nullable Wire wire;

    protected TransportSuite() {}

    /** Opens the transport to be tested; the suite closes it. */
    protected abstract Transport open(TransportContext context);

    /** A host of which the transport lets tests choose a port. */
    protected Endpoint endpoint() {
        return new Endpoint("127.0.0.1", 0);
    }

    /** The memory outside of the heap that the transport's library holds, where it can tell; it must not grow from round to round. */
    protected long heldMemoryBytes() {
        return 0;
    }

    @BeforeEach
    protected final void openTransport() {
        wire = new Wire(open(new TransportContext("tck", 2)), endpoint());
    }

    /** Closes the transport after each test and checks that it kept to the contract. */
    @AfterEach
    protected final void closeTransport() {
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public final Wire wire() {
        if (wire == null) {
            throw new IllegalStateException("the transport is not open");
        }
        return wire;
    }

    @Test
    @Verifies("TRANSPORT-3")
    final void aHundredRoundsLeaveNothingBehind() throws Exception {
        for (var round = 0; round < ROUNDS / 10; round++) {
            openUseAndClose();
        }
        var descriptors = descriptorCount();
        var memoryBytes = heldMemoryBytes();

        for (var round = 0; round < ROUNDS; round++) {
            openUseAndClose();
        }

        Wire.until("its threads have ended", () -> threadNames().noneMatch(name -> name.startsWith("tck-round")));
        // The JVM opens and closes some of its own.
        assertThat(descriptorCount()).isLessThan(descriptors + ROUNDS / 2);
        assertThat(heldMemoryBytes()).isLessThanOrEqualTo(memoryBytes + (1 << 20));
    }

    @Test
    @Verifies("TRANSPORT-4")
    final void aSettingThatIsNotKnownIsRefused() {
        var context = new TransportContext("tck-refused", 1, Map.of("no.such.setting", "1"));

        assertThatThrownBy(() -> open(context))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("no.such.setting");
    }

    private void openUseAndClose() throws InterruptedException {
        var round = new Wire(open(new TransportContext("tck-round", 2)), endpoint());
        var link = round.link();
        link.client().send(new byte[100_000]);
        link.server().next();
        link.server().send(new byte[1_000]);
        link.client().next();
        openUseAndCloseALoop(round);
        round.close();
    }

    private static void openUseAndCloseALoop(Wire round) throws InterruptedException {
        var server = round.serve(TransportLimits.DEFAULT, RecordingHandler::new);
        try (var loop = round.transport().openLoop("tck-round-own")) {
            var client = round.connect(loop, server.listener().endpoint(), RecordingHandler::new);
            client.send(new byte[1_000]);
            server.accepted().next();
        }
    }

    private static Stream<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
    }

    /** How many descriptors the process has open, where the system tells. */
    private static long descriptorCount() throws IOException {
        var descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return 0;
        }
        try (var entries = Files.list(descriptors)) {
            return entries.count();
        }
    }
}
