/**
 * The client behind {@code io.thalweg.api}, over the Kafka wire protocol and any transport.
 *
 * <p>Works against Thalweg and against Apache Kafka. A client has one thread, an event loop of its transport, on which all of its state
 * changes; applications call from any thread. Applications import {@code io.thalweg.api}; what is exported here beside
 * {@link io.thalweg.client.WireClient} is what the command line works with, and not stable.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.client {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.api;
    requires transitive io.thalweg.protocol;
    requires transitive io.thalweg.spi;
    requires org.slf4j;
    requires static micrometer.core;

    exports io.thalweg.client;

    uses io.thalweg.spi.transport.TransportProvider;

    provides io.thalweg.api.ClientProvider with
            io.thalweg.client.WireClientProvider;
}
