/**
 * Whole clusters in one thread: the code of brokers, controller and storage on a scheduler, a network, disks and clocks that follow from a
 * seed.
 *
 * <p>Run {@code io.thalweg.simulation.Simulate}; nothing here is for other modules.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.simulation {
    requires static transitive org.jspecify;
    requires io.thalweg.api;
    requires io.thalweg.broker;
    requires io.thalweg.client;
    requires io.thalweg.coordinator;
    requires io.thalweg.memory;
    requires io.thalweg.protocol;
    requires io.thalweg.spi;
    requires io.thalweg.storage.file;
    requires com.lmax.disruptor;
    requires java.logging;
    requires org.slf4j;
}
