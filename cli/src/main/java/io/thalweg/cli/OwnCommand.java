package io.thalweg.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program is run once more, in another process: by the same Java, with the same options and modules. */
final class OwnCommand {

    /** Options that say something of this run only, or write where it writes. */
    private static final List<String> OF_THIS_RUN = List.of(
            "-Dthalweg.launched",
            "-Dthalweg.terminal",
            "-Dthalweg.columns",
            "-agentlib",
            "-javaagent",
            "-XX:ArchiveClassesAtExit",
            "-XX:AOTCacheOutput");

    private OwnCommand() {}

    static List<String> line(String... arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> OF_THIS_RUN.stream().noneMatch(option::startsWith))
                .forEach(line::add);
        var module = System.getProperty("jdk.module.main");
        if (Main.class.getModule().getName() != null
                && Main.class.getModule().getName().equals(module)) {
            line.addAll(List.of("--module", module + "/" + Main.class.getName()));
        } else {
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        }
        line.addAll(List.of(arguments));
        return line;
    }
}
