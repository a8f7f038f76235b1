package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.transport.Endpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The open connections, at most one per broker and purpose; made when first used. Owned by the loop. */
final class Connections {

    private static final Object SHARED = new Object();
    private static final int MAX_FAILED = 1_000;

    private final ClientRuntime runtime;
    private final ConnectionConfig config;
    private final ClientMeters meters;
    private final Map<Key, BrokerConnection> open = new LinkedHashMap<>();

    /** Brokers to which a connection failed, the last one last. */
    private final Set<Endpoint> failed = new LinkedHashSet<>();

    private final List<Runnable> writableListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> closeListeners = new CopyOnWriteArrayList<>();
    private boolean isClosed;

    Connections(ClientRuntime runtime, ConnectionConfig config, ClientMeters meters) {
        this.runtime = runtime;
        this.config = config;
        this.meters = meters;
    }

    ClientMeters meters() {
        return meters;
    }

    ConnectionConfig config() {
        return config;
    }

    /** Has the listener called when a connection takes requests again. */
    void whenWritable(Runnable listener) {
        writableListeners.add(listener);
    }

    /** Has the listener called when no broker will be asked anything any more. */
    void whenClosed(Runnable listener) {
        closeListeners.add(listener);
    }

    void forget(Runnable listener) {
        writableListeners.remove(listener);
        closeListeners.remove(listener);
    }

    boolean isClosed() {
        assert runtime.isCurrent();
        return isClosed;
    }

    /** A connection that all share. */
    BrokerConnection to(Endpoint endpoint, ConnectionPurpose purpose) {
        return to(endpoint, purpose, SHARED);
    }

    /** A connection of one user's own: brokers answer the requests of a connection one by one, and a fetch may wait. */
    BrokerConnection to(Endpoint endpoint, ConnectionPurpose purpose, Object user) {
        assert runtime.isCurrent();
        if (isClosed) {
            throw ClientException.closed();
        }
        var key = new Key(endpoint, purpose, user);
        var existing = open.get(key);
        if (existing != null) {
            return existing;
        }
        var made = new BrokerConnection(runtime, endpoint, config, meters, new BrokerConnection.Owner() {
            @Override
            public void closed(BrokerConnection connection) {
                ended(key, connection);
            }

            @Override
            public void writable() {
                writableListeners.forEach(Runnable::run);
            }
        });
        open.put(key, made);
        made.open();
        return made;
    }

    private void ended(Key key, BrokerConnection connection) {
        if (!open.remove(key, connection)) {
            return; // It was closed on purpose.
        }
        failed.remove(key.endpoint());
        failed.add(key.endpoint());
        if (failed.size() > MAX_FAILED) {
            failed.remove(failed.iterator().next());
        }
    }

    /** The first of the brokers to which no connection failed; if there is none, the one whose connection failed first. */
    Endpoint mostReliable(List<Endpoint> brokers) {
        assert runtime.isCurrent();
        return brokers.stream()
                .filter(broker -> !failed.contains(broker))
                .findFirst()
                .or(() -> failed.stream().filter(brokers::contains).findFirst())
                .orElseThrow();
    }

    /** Sends a request; bytes that lie in its answer are lent to what depends on it for the call. */
    <T extends ResponseMessage> CompletableFuture<T> call(
            Endpoint endpoint, ApiKey api, Class<T> type, short maxVersion, Request.Body body) {
        var answer = new CompletableFuture<T>();
        to(endpoint, ConnectionPurpose.CONTROL)
                .send(request(api, type, maxVersion, body, config.requestTimeout(), answer));
        return answer;
    }

    private static <T extends ResponseMessage> Request<T> request(
            ApiKey api,
            Class<T> type,
            short maxVersion,
            Request.Body body,
            Duration timeout,
            CompletableFuture<T> answer) {
        return new Request<>(
                api,
                type,
                maxVersion,
                body,
                timeout.toNanos(),
                null,
                reply -> answer.complete(reply.message()),
                answer::completeExceptionally);
    }

    /** The same on a connection of the member's own, for what may wait this long. */
    <T extends ResponseMessage> CompletableFuture<T> await(
            Endpoint endpoint, Object member, ApiKey api, Class<T> type, Duration limit, Request.Body body) {
        var answer = new CompletableFuture<T>();
        to(endpoint, ConnectionPurpose.GROUP, member).send(request(api, type, Short.MAX_VALUE, body, limit, answer));
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
                open.remove(key);
                connection.close();
            }
        }
    }

    void close() {
        assert runtime.isCurrent();
        isClosed = true;
        List.copyOf(open.values()).forEach(BrokerConnection::close);
        closeListeners.forEach(Runnable::run);
    }

    private record Key(Endpoint endpoint, ConnectionPurpose purpose, Object user) {}
}
