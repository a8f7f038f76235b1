package io.thalweg.cli;

import io.thalweg.spi.coordination.MetadataLogProvider;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Finds the metadata quorum of servers that form a cluster. Its modules lie in a directory of their own, {@code cluster} beside the
 * modules of the command, and are loaded into a layer when a server needs them: to one that is a cluster by itself they do not exist, so
 * they cost its start nothing.
 */
final class ClusterModules {

    private static final String MODULE = "io.thalweg.coordinator.ratis";
    private static final String DIRECTORY = "cluster";

    private ClusterModules() {}

    static MetadataLogProvider metadataLog() {
        return ServiceLoader.load(MetadataLogProvider.class)
                .findFirst()
                .or(() -> ServiceLoader.load(layer(), MetadataLogProvider.class).findFirst())
                .orElseThrow(ClusterModules::missing);
    }

    private static ModuleLayer layer() {
        var boot = ModuleLayer.boot();
        try {
            var found = boot.configuration().resolve(ModuleFinder.of(directory()), ModuleFinder.of(), Set.of(MODULE));
            return boot.defineModulesWithOneLoader(found, ClusterModules.class.getClassLoader());
        } catch (FindException | ResolutionException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the modules of a cluster's servers cannot be loaded from " + directory() + ": " + e.getMessage(),
                    "Build thalweg anew.",
                    e);
        }
    }

    private static CommandException missing() {
        return new CommandException(
                ExitCode.FAILED, directory() + " holds no metadata quorum", "Build thalweg anew.", null);
    }

    /** Beside the directory of this module's jar; in an image, which has no jars, below its lib. */
    private static Path directory() {
        return ModuleLayer.boot()
                .configuration()
                .findModule(ClusterModules.class.getModule().getName())
                .flatMap(module -> module.reference().location())
                .filter(location -> location.getScheme().equals("file"))
                .map(location -> Path.of(location)
                        .resolveSibling("..")
                        .resolve(DIRECTORY)
                        .normalize())
                .orElse(Path.of(System.getProperty("java.home"), "lib", DIRECTORY));
    }
}
