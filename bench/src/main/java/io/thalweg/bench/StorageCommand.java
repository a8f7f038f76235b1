package io.thalweg.bench;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the storage against what the machine can do. */
@Command(
        name = "storage",
        description =
                "Measures appends against a bare loop of writes, and reads against a bare loop of sendfile calls.",
        mixinStandardHelpOptions = true)
final class StorageCommand implements Callable<Integer> {

    private static final int KIB = 1024;

    @Option(names = "--parts", split = ",", description = "Only these: append, catch-up. Default: both of them.")
    private Set<String> parts = Set.of("append", "catch-up");

    @Option(names = "--rounds", description = "Measured turns; one more goes before. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--scale", description = "Multiplies how much is written and read. Default: ${DEFAULT-VALUE}.")
    private double scale = 1;

    @Override
    public Integer call() throws Exception {
        if (parts.contains("append")) {
            append();
        }
        if (parts.contains("catch-up")) {
            new CatchUp(Peers.both(), rounds, (int) (2048 * scale)).run(System.out);
        }
        return 0;
    }

    private void append() throws IOException {
        var appends = new Appends(rounds);
        appends.run(KIB, (int) (400_000 * scale), false, System.out);
        appends.run(16 * KIB, (int) (60_000 * scale), false, System.out);
        appends.run(128 * KIB, (int) (8_000 * scale), false, System.out);
        appends.run(KIB, (int) (5_000 * scale), true, System.out);
        appends.run(16 * KIB, (int) (5_000 * scale), true, System.out);
    }
}
