package io.thalweg.integration.sdk;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Thalweg;
import io.thalweg.broker.Broker;
import io.thalweg.broker.BrokerBuilder;
import io.thalweg.client.WireClient;
import io.thalweg.integration.compare.KafkaProcess;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the suite runs against: how to connect to it, and how many replicas its topics have. Owned by the test class. */
record Cluster(String bootstrap, int replicas, Connector connector, Runnable end) implements AutoCloseable {

    /** Makes a client. */
    interface Connector {
        Thalweg connect(ClientConfig config);
    }

    /** One broker on the heap, without sockets. */
    static Cluster inProcess() {
        var network = InProcessNetwork.open();
        var broker = quick(Broker.builder())
                .storage(new MemoryStorage())
                .transport(network)
                .listen("broker:9092")
                .start();
        return new Cluster(broker.bootstrap(), 1, config -> WireClient.over(network, config), () -> {
            broker.close();
            network.close();
        });
    }

    /** One broker on disk, behind a port. */
    static Cluster onSockets(Path directory) {
        var broker = quick(Broker.builder())
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
        return new Cluster(broker.bootstrap(), 1, Thalweg::connect, broker::close);
    }

    /** Three brokers behind ports that replicate. */
    static Cluster of(RestartableBrokers brokers) {
        return new Cluster(brokers.bootstrap(), RestartableBrokers.SIZE, Thalweg::connect, brokers::close);
    }

    /** One Apache Kafka in a process of its own; skips the test where there is none. */
    static Cluster kafka(Path directory, String... settings) throws Exception {
        var all = new ArrayList<>(List.of(settings));
        all.add("transaction.state.log.replication.factor=1");
        all.add("transaction.state.log.min.isr=1");
        all.add("transaction.state.log.num.partitions=1");
        var kafka = KafkaProcess.start(directory, all.toArray(String[]::new));
        return new Cluster(kafka.bootstrap(), 1, Thalweg::connect, kafka::close);
    }

    /** Groups that form and notice at once. */
    static BrokerBuilder quick(BrokerBuilder builder) {
        return builder.config("offsets.topic.num.partitions", "1")
                .config("group.initial.rebalance.delay.ms", "0")
                .config("group.consumer.min.heartbeat.interval.ms", "100")
                .config("group.consumer.heartbeat.interval.ms", "200");
    }

    Thalweg connect() {
        return connector.connect(ClientConfig.of(bootstrap));
    }

    @Override
    public void close() {
        end.run();
    }
}
