package io.thalweg.broker.request;

import io.thalweg.broker.quota.ClientQuotas;
import io.thalweg.broker.quota.ClientQuotas.Kind;
import io.thalweg.broker.quota.ConnectionRates;
import io.thalweg.broker.quota.ConnectionRates.Turn;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps clients waiting that have used more than their quota: they are answered, with the time they have to wait, and what they ask next
 * is not begun before that has passed. What brokers ask each other counts for nobody. Any thread.
 */
public final class Throttle {

    /** Keeps nobody waiting. */
    public static final Throttle NONE = new Throttle(null, null, (nanos, task) -> () -> {}, 0);

    private final @Nullable ClientQuotas quotas;
    private final @Nullable ConnectionRates rates;
    private final Timers timers;
    private final long maxNanos;

    /**
     * A throttle.
     *
     * @param maxNanos the longest a client waits at once; what it owes then it waits for with the next request
     */
    public Throttle(@Nullable ClientQuotas quotas, @Nullable ConnectionRates rates, Timers timers, long maxNanos) {
        this.quotas = quotas;
        this.rates = rates;
        this.timers = timers;
        this.maxNanos = maxNanos;
    }

    /**
     * What a request uses, as far as that is known when it begins.
     *
     * @param mutations the topics it changes; null if it changes none, or is refused
     */
    record Use(int requestBytes, @Nullable Mutations mutations, boolean isOfBroker) {

        static final Use NOTHING = new Use(0, null, true);

        private long mutationCount(@Nullable ResponseMessage answer) {
            return mutations == null ? 0 : mutations.countIn(answer);
        }
    }

    /** How long a client has to wait, and because of which quota. */
    record Delay(Kind kind, long nanos) {

        static final Delay NONE = new Delay(Kind.REQUEST, 0);

        private Delay orLonger(Kind other, long otherNanos) {
            return otherNanos > nanos ? new Delay(other, otherNanos) : this;
        }

        /** The answer with the time to wait. */
        ResponseMessage toldWith(ResponseMessage response) {
            return nanos > 0 ? response.throttled((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos))) : response;
        }
    }

    /** When it is the turn of a connection that was just accepted. */
    Turn turn(String address, String listenerName) {
        return rates == null ? new Turn(0, false) : rates.next(address, listenerName);
    }

    boolean isNeeded() {
        return quotas != null && quotas.areSet();
    }

    /** Has the request handled, unless the client has to pay for earlier ones first. */
    <T extends RequestMessage> void handle(RequestHandler<T> handler, T request, Exchange exchange, int requestBytes) {
        if (quotas == null) {
            handler.handle(request, exchange);
            return;
        }
        var refusal = isRefused(exchange) ? Mutations.refusal(request) : null;
        var mutations =
                refusal == null && Mutations.areIn(exchange.api()) ? new Mutations(request, quotas.image()) : null;
        exchange.uses(new Use(requestBytes, mutations, request.apiKey().isInternal() || isOfReplica(request)));
        if (refusal == null) {
            handler.handle(request, exchange);
        } else {
            exchange.reply(refusal);
        }
    }

    private boolean isRefused(Exchange exchange) {
        return quotas != null
                && Mutations.mayBeRefused(exchange.api(), exchange.version())
                && quotas.charge(Kind.MUTATION, exchange.clientId(), 0) > 0;
    }

    /** One that is none gets no records ({@link FetchHandler}). */
    private static boolean isOfReplica(RequestMessage request) {
        return request instanceof FetchRequest fetch
                && (fetch.replicaId() >= 0 || fetch.replicaState().replicaId() >= 0);
    }

    /** Charges the client for the request and its answer; gives how long it has to wait. */
    Delay delay(Exchange exchange) {
        var use = exchange.use();
        if (quotas == null || !quotas.areSet() || use.isOfBroker()) {
            return Delay.NONE;
        }
        var client = exchange.clientId();
        var delay = new Delay(Kind.REQUEST, quotas.charge(Kind.REQUEST, client, (double) exchange.handlingNanos()));
        if (exchange.api() == ApiKey.PRODUCE) {
            delay = delay.orLonger(Kind.PRODUCE, quotas.charge(Kind.PRODUCE, client, use.requestBytes()));
        } else if (exchange.api() == ApiKey.FETCH) {
            delay = delay.orLonger(Kind.FETCH, quotas.charge(Kind.FETCH, client, answerBytes(exchange)));
        } else if (Mutations.areIn(exchange.api())) {
            var owedNanos = quotas.charge(Kind.MUTATION, client, (double) use.mutationCount(exchange.response()));
            delay = delay.orLonger(Kind.MUTATION, isOnCredit(exchange) ? 0 : owedNanos);
        }
        return new Delay(delay.kind(), Math.min(delay.nanos(), maxNanos));
    }

    /** Who hears of the debt with its next request does not wait before that. */
    private static boolean isOnCredit(Exchange exchange) {
        return exchange.use().mutations() != null && Mutations.mayBeRefused(exchange.api(), exchange.version());
    }

    private static int answerBytes(Exchange exchange) {
        var response = exchange.response();
        return response == null ? 0 : response.sizeInBytes(exchange.version());
    }

    void later(long delayNanos, EventLoop loop, Runnable task) {
        timers.schedule(delayNanos, () -> loop.execute(task));
    }
}
