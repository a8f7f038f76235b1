package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class NameLookupTest {

    private static final Endpoint NAMED = new Endpoint("a.name", 9092);

    @Test
    void closingFailsWhatIsLookedUpAndWhatWaitsForIt() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var lookup = new NameLookup("test", host -> {
            asked.countDown();
            return blocked(host);
        });
        var underWay = lookup.addresses(NAMED);
        var waiting = lookup.addresses(NAMED);
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        lookup.close();

        assertThat(waiting).isCompletedExceptionally();
        assertThatThrownBy(() -> underWay.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(UnknownHostException.class);
        assertThatThrownBy(lookup.addresses(NAMED)::join).hasCauseInstanceOf(RejectedExecutionException.class);
    }

    /** Until its thread is interrupted. */
    private static InetAddress[] blocked(String host) throws UnknownHostException {
        try {
            new CountDownLatch(1).await();
            throw new AssertionError("nobody opens it");
        } catch (InterruptedException e) {
            throw new UnknownHostException(host);
        }
    }

    @Test
    void addressesAreNotLookedUp() {
        try (var lookup = new NameLookup("test", NameLookupTest::blocked)) {
            assertThat(lookup.addresses(new Endpoint("127.0.0.1", 80)))
                    .isCompletedWithValueMatching(found -> found.get(0).getPort() == 80
                            && found.get(0).getAddress().isLoopbackAddress());
        }
    }
}
