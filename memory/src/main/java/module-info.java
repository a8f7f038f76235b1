/**
 * Storage without a disk, a network without sockets and a metadata quorum within the process, for embedding, tests and simulation.
 *
 * <p>What is stored lives as long as its provider object and is gone with the process. A network is an object given to both sides;
 * nothing finds it by name.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.memory {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.spi;
    requires org.slf4j;

    exports io.thalweg.memory.coordination;
    exports io.thalweg.memory.disk;
    exports io.thalweg.memory.network;
    exports io.thalweg.memory.storage;

    provides io.thalweg.spi.storage.StorageProvider with
            io.thalweg.memory.storage.MemoryStorage;
}
