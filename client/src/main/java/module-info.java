/**
 * The client: produces, consumes and looks after topics over the Kafka wire protocol, on any transport.
 *
 * <p>Works against Thalweg and against Apache Kafka. A client has one thread of its own, on which all of its state changes;
 * applications call from any thread. The exported types are not stable yet: the SDK that {@code io.thalweg.api} will describe grows
 * out of them.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.client {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.protocol;
    requires transitive io.thalweg.spi;
    requires org.slf4j;

    exports io.thalweg.client;
}
