/**
 * The broker: takes requests from a transport, orders them on shards, keeps partitions on a storage engine and answers.
 *
 * <p>Plug-ins come in through {@code io.thalweg.spi}; nothing here knows one by name.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // The simulator and the brokers for tests are built after this module, which names them.
module io.thalweg.broker {
    requires transitive io.thalweg.spi;
    requires io.thalweg.coordinator;
    requires io.thalweg.protocol;
    requires com.lmax.disruptor;
    // Only for who gives the builder a meter registry.
    requires static micrometer.core;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.thalweg.broker;
    // The simulator stands for the machine, its clients reach brokers as brokers reach each other, and it looks at
    // what leaders believe; brokers for tests have another clock.
    exports io.thalweg.broker.partition to
            io.thalweg.simulation;
    exports io.thalweg.broker.peer to
            io.thalweg.simulation;
    exports io.thalweg.broker.replication to
            io.thalweg.simulation;
    exports io.thalweg.broker.runtime to
            io.thalweg.simulation,
            io.thalweg.testing;

    uses io.thalweg.spi.coordination.MetadataLogProvider;
    uses io.thalweg.spi.storage.StorageProvider;
    uses io.thalweg.spi.transport.TransportProvider;
}
