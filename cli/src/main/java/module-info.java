/**
 * The {@code thalweg} command: a server, topics, producing, consuming, and the demo.
 *
 * <p>Exports nothing; {@link io.thalweg.cli.Main} is started by the launcher. It is the only module besides tests and samples that knows
 * the plug-ins by name.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.cli {
    requires static transitive org.jspecify;
    requires info.picocli;
    requires io.thalweg.broker;
    requires io.thalweg.client;
    requires io.thalweg.storage.file;
    requires io.thalweg.transport.netty;
    requires java.logging;
    requires java.management;
    requires jdk.httpserver;
    requires jdk.management;
    requires micrometer.core;
    requires micrometer.registry.prometheus;

    uses io.thalweg.spi.coordination.MetadataLogProvider;

    // Picocli fills the annotated fields of commands.
    opens io.thalweg.cli to
            info.picocli;
}
