package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The open connections, at most one per broker and purpose; made when first used. Owned by the loop. */
final class Connections {

    private static final Object SHARED = new Object();

    private final ClientRuntime runtime;
    private final Transport transport;
    private final ConnectionConfig config;
    private final Map<Key, BrokerConnection> open = new LinkedHashMap<>();
    private final List<Runnable> writableListeners = new CopyOnWriteArrayList<>();
    private boolean isClosed;

    Connections(ClientRuntime runtime, Transport transport, ConnectionConfig config) {
        this.runtime = runtime;
        this.transport = transport;
        this.config = config;
    }

    ConnectionConfig config() {
        return config;
    }

    /** Has the listener called when a connection takes requests again. */
    void whenWritable(Runnable listener) {
        writableListeners.add(listener);
    }

    void forget(Runnable listener) {
        writableListeners.remove(listener);
    }

    /** A connection that all share. */
    BrokerConnection to(Endpoint endpoint, ConnectionPurpose purpose) {
        return to(endpoint, purpose, SHARED);
    }

    /** A connection of one user's own: brokers answer the requests of a connection one by one, and a fetch may wait. */
    BrokerConnection to(Endpoint endpoint, ConnectionPurpose purpose, Object user) {
        assert runtime.isCurrent();
        if (isClosed) {
            throw ClientException.disconnected("the client is closed", null);
        }
        var key = new Key(endpoint, purpose, user);
        var existing = open.get(key);
        if (existing != null) {
            return existing;
        }
        var made = new BrokerConnection(
                runtime,
                endpoint,
                config,
                closed -> open.remove(key, closed),
                () -> writableListeners.forEach(Runnable::run));
        open.put(key, made);
        made.open(transport, TransportLimits.DEFAULT);
        return made;
    }

    /** Sends a request whose answer holds no lent bytes. */
    <T extends ResponseMessage> CompletableFuture<T> call(
            Endpoint endpoint, ApiKey api, Class<T> type, short maxVersion, Request.Body body) {
        var answer = new CompletableFuture<T>();
        var request = new Request<>(
                api,
                type,
                maxVersion,
                body,
                config.requestTimeout().toNanos(),
                null,
                reply -> answer.complete(reply.message()),
                answer::completeExceptionally);
        to(endpoint, ConnectionPurpose.CONTROL).send(request);
        return answer;
    }

    <T extends ResponseMessage> CompletableFuture<T> call(
            Endpoint endpoint, ApiKey api, Class<T> type, Request.Body body) {
        return call(endpoint, api, type, Short.MAX_VALUE, body);
    }

    /** Closes the connections that are this user's own. */
    void closeThoseOf(Object user) {
        assert runtime.isCurrent();
        for (var key : List.copyOf(open.keySet())) {
            var connection = open.get(key);
            if (key.user() == user && connection != null) {
                connection.close();
            }
        }
    }

    void close() {
        assert runtime.isCurrent();
        isClosed = true;
        List.copyOf(open.values()).forEach(BrokerConnection::close);
    }

    private record Key(Endpoint endpoint, ConnectionPurpose purpose, Object user) {}
}
