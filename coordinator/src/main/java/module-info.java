/**
 * Who leads and who owns what, as pure state machines that are replayed from a log, and the single-process metadata log.
 *
 * <p>Asks the world for nothing: clock, timers, randomness and threads are given to constructors. Values that iterate do so in a
 * fixed order, so that the same requests and seed give the same bytes.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // The simulator is built after this module, which names it.
module io.thalweg.coordinator {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.protocol;
    requires transitive io.thalweg.spi;
    requires org.slf4j;
    requires re2j;

    exports io.thalweg.coordinator.controller;
    exports io.thalweg.coordinator.group;
    exports io.thalweg.coordinator.local;
    exports io.thalweg.coordinator.metadata;
    // The simulator follows the metadata log to check what the controller writes.
    exports io.thalweg.coordinator.record to
            io.thalweg.simulation;
}
