package io.thalweg.integration.processes;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What befalls a cluster, one step after the other; at most one server is away at a time but when all of them are. Owned by the test. */
final class FaultScript {

    private static final int RECORDS_BETWEEN = 400;
    private static final int KINDS = 8;

    /** Of a cut; longer than any timeout of the servers in half of the cases. */
    private static final int MOST_CUT_MILLIS = 10_000;

    /** One of so many faults is a cut. */
    private static final int CUT_OF = 3;

    private final StrikableCluster cluster;
    private final Cuts cuts;
    private final LedgerLoad load;
    private final Random random;
    private final Map<String, Integer> counts = new TreeMap<>();

    FaultScript(StrikableCluster cluster, Cuts cuts, LedgerLoad load, Random random) {
        this.cluster = cluster;
        this.cuts = cuts;
        this.load = load;
        this.random = random;
    }

    /** One fault and its end, with records acknowledged meanwhile. */
    void step() {
        load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
        var server = cluster.servers().get(random.nextInt(cluster.servers().size()));
        if (random.nextInt(CUT_OF) == 0) {
            cutOff(server);
        } else {
            strike(server);
        }
    }

    /** What was cut is repaired after some time, whether or not anything was acknowledged: one who is not heard may hold all up. */
    private void cutOff(StrikableServer server) {
        count(cuts.cutOff(server, random));
        load.go(Duration.ofMillis(1 + random.nextInt(MOST_CUT_MILLIS)));
        cuts.repair();
    }

    private void strike(StrikableServer server) {
        switch (random.nextInt(KINDS)) {
            case 0, 1, 2 -> {
                count("killed");
                server.kill();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.start();
            }
            case 3, 4 -> {
                count("paused");
                server.pause();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.resume();
            }
            case 5 -> {
                count("stopped");
                server.stop();
                load.awaitMore(1 + random.nextInt(RECORDS_BETWEEN));
                server.start();
            }
            case 6 -> {
                count("killed and started at once");
                server.kill();
                server.start();
            }
            default -> {
                count("all killed");
                cluster.killAll();
                cluster.startAll();
            }
        }
    }

    private void count(String fault) {
        counts.merge(fault, 1, Integer::sum);
    }

    /** How often each has happened. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** Nothing is away any more. */
    void heal() {
        cuts.repair();
        cluster.startAll();
    }
}
