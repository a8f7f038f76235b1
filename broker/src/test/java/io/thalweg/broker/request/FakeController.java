package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A controller that decides as the test says, on a thread of its own. */
final class FakeController implements ControllerChannel {

    private final List<RequestMessage> requests = new CopyOnWriteArrayList<>();
    private volatile Function<RequestMessage, ResponseMessage> decision = request -> {
        throw new IllegalStateException("nothing decided about " + request);
    };
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    /** Decides with this from now on; what it throws fails the call. */
    void decides(Function<RequestMessage, ResponseMessage> how) {
        decision = how;
    }

    /** Calls complete no earlier than the gate. */
    void waitsFor(CompletableFuture<Void> opened) {
        gate = opened;
    }

    List<RequestMessage> requests() {
        return requests;
    }

    @Override
    public <R extends ResponseMessage> CompletionStage<R> call(RequestMessage request, Class<R> responseType) {
        requests.add(request);
        var decide = decision;
        return gate.thenApplyAsync(
                nothing -> responseType.cast(decide.apply(request)),
                task -> new Thread(task, "fake-controller").start());
    }
}
