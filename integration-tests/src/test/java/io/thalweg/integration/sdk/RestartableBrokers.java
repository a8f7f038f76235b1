package io.thalweg.integration.sdk;

import io.thalweg.broker.Broker;
import io.thalweg.broker.BrokerBuilder;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.memory.storage.MemoryStorage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Three brokers behind ports that replicate; each may end and come back where it was, with what it had. One thread at a time calls. */
final class RestartableBrokers implements AutoCloseable {

    static final int SIZE = 3;

    private final InProcessQuorum quorum = InProcessQuorum.of(1, 2, 3);
    private final Map<Integer, MemoryStorage> storages = new HashMap<>();
    private final Map<Integer, String> addresses = new HashMap<>();
    private final Map<Integer, Broker> brokers = new HashMap<>();
    private final UnaryOperator<BrokerBuilder> settings;
    private int lastRestarted;

    private RestartableBrokers(UnaryOperator<BrokerBuilder> settings) {
        this.settings = settings;
    }

    static RestartableBrokers start(UnaryOperator<BrokerBuilder> settings) throws Exception {
        var started = new RestartableBrokers(settings);
        started.startAll();
        return started;
    }

    private void startAll() throws Exception {
        var starts = IntStream.rangeClosed(1, SIZE)
                .mapToObj(id -> {
                    var storage = new MemoryStorage();
                    storages.put(id, storage);
                    return CompletableFuture.supplyAsync(
                            () -> start(id, storage, "127.0.0.1:0"), task -> new Thread(task, "start-" + id).start());
                })
                .toList();
        for (var id = 1; id <= SIZE; id++) {
            var broker = starts.get(id - 1).get(60, TimeUnit.SECONDS);
            brokers.put(id, broker);
            addresses.put(id, broker.bootstrap());
        }
    }

    private Broker start(int id, MemoryStorage storage, String address) {
        return settings.apply(Broker.builder())
                .nodeId(id)
                .storage(storage)
                .metadataLog(quorum)
                .listen(address)
                .start();
    }

    String bootstrap() {
        return String.join(",", addresses.values());
    }

    /** Ends one of them, each in its turn, and starts it again. */
    void restartNext() {
        var id = lastRestarted % SIZE + 1;
        lastRestarted = id;
        brokers.get(id).close();
        brokers.put(id, start(id, storages.get(id), addresses.get(id)));
    }

    /** One after the other: each hands over to those that are left, and would wait for others that are ending. */
    @Override
    public void close() {
        brokers.values().forEach(Broker::close);
    }
}
