/**
 * Small programs that show how Thalweg is used; the README shows parts of them.
 *
 * <p>Each program is a class with a {@code main} of its own. {@link io.thalweg.samples.onefile} is a storage plug-in, found by the service
 * loader like any other.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.samples {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.spi;
    requires io.thalweg.broker;
    requires io.thalweg.api;
    requires io.thalweg.client;
    requires io.thalweg.memory;
    requires io.thalweg.storage.file;
    requires io.thalweg.transport.netty;
    requires com.fasterxml.jackson.databind;
    requires kafka.clients;
    requires org.apache.avro;
    requires static com.google.errorprone.annotations;

    exports io.thalweg.samples;
    exports io.thalweg.samples.onefile;

    provides io.thalweg.spi.storage.StorageProvider with
            io.thalweg.samples.onefile.OneFileStorage;
}
