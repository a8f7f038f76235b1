package io.thalweg.broker;

import io.thalweg.spi.transport.Transport;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/** A transport that is opened on a thread of its own, since loading a network library takes longer than the rest of a start. */
final class OpeningTransport implements AutoCloseable {

    private final CompletableFuture<Transport> opened = new CompletableFuture<>();

    private OpeningTransport() {}

    static OpeningTransport begin(Supplier<Transport> opening, ThreadFactory threads) {
        var begun = new OpeningTransport();
        threads.newThread(() -> begun.open(opening)).start();
        return begun;
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it is, the one who waits has to learn of it.
    private void open(Supplier<Transport> opening) {
        try {
            opened.complete(opening.get());
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
    }

    CompletionStage<Transport> opened() {
        return opened.minimalCompletionStage();
    }

    /** Waits until it is open, to close it. */
    @Override
    public void close() {
        opened.handle((transport, failure) -> Optional.ofNullable(transport))
                .join()
                .ifPresent(Transport::close);
    }
}
