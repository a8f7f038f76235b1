package io.thalweg.integration.processes;

import java.util.Random;

/** What befalls a cluster, one step after the other; at most one server is away at a time but when all of them are. Owned by the test. */
final class FaultScript {

    private static final int RECORDS_BETWEEN = 400;
    private static final int KINDS = 8;

    private final ClusterProcesses cluster;
    private final LedgerLoad load;
    private final Random random;

    FaultScript(ClusterProcesses cluster, LedgerLoad load, Random random) {
        this.cluster = cluster;
        this.load = load;
        this.random = random;
    }

    /** That of {@code -Dseed=}, else a new one. */
    static long seed() {
        var given = System.getProperty("seed", "");
        return given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
    }

    /** One fault and its end, with records acknowledged meanwhile. */
    void step() {
        load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
        var server = cluster.servers().get(random.nextInt(cluster.servers().size()));
        switch (random.nextInt(KINDS)) {
            case 0, 1, 2 -> {
                server.kill();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.start();
            }
            case 3, 4 -> {
                server.pause();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.resume();
            }
            case 5 -> {
                server.stop();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.start();
            }
            case 6 -> {
                server.kill();
                server.start();
            }
            default -> {
                cluster.killAll();
                cluster.startAll();
            }
        }
    }

    /** Nothing is away any more. */
    void heal() {
        cluster.startAll();
    }
}
