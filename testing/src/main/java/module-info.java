/**
 * A broker for tests: a JUnit extension that starts one, within the process or on a port, and stops, restarts and pauses it.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.testing {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.api;
    requires transitive org.junit.jupiter.api;
    requires io.thalweg.broker;
    requires io.thalweg.client;
    requires io.thalweg.memory;
    requires io.thalweg.spi;
    requires io.thalweg.transport.netty;

    exports io.thalweg.testing;
}
