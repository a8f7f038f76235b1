package io.thalweg.broker.request;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.RequestMessage;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which handler answers which API. Immutable once built. */
public final class RequestRouter {

    private final Map<ApiKey, RequestHandler<?>> handlers;

    private RequestRouter(Map<ApiKey, RequestHandler<?>> handlers) {
        this.handlers = new EnumMap<>(handlers);
    }

    /** The APIs that are answered. */
    public Set<ApiKey> apis() {
        return Collections.unmodifiableSet(handlers.keySet());
    }

    /** The handler of an API, or null if it is not answered. */
    @SuppressWarnings("unchecked") // the builder pairs each API with a handler of its request type
    @Nullable RequestHandler<RequestMessage> find(ApiKey api) {
        return (RequestHandler<RequestMessage>) handlers.get(api);
    }

    /** Collects the handlers; the list of calls is the broker's table of contents. */
    public static final class Builder {

        private final Map<ApiKey, RequestHandler<?>> handlers = new EnumMap<>(ApiKey.class);

        public <Q extends RequestMessage> Builder on(ApiKey api, RequestHandler<Q> handler) {
            if (handlers.put(api, handler) != null) {
                throw new IllegalArgumentException("two handlers for " + api);
            }
            return this;
        }

        /** A handler that has to know what is answered, its own API included; the last one added. */
        public <Q extends RequestMessage> Builder onAll(ApiKey api, Function<Set<ApiKey>, RequestHandler<Q>> handler) {
            var answered = EnumSet.of(api);
            answered.addAll(handlers.keySet());
            return on(api, handler.apply(Collections.unmodifiableSet(answered)));
        }

        public RequestRouter build() {
            return new RequestRouter(handlers);
        }
    }
}
