package io.thalweg.integration.processes;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Cuts in a {@link CuttableNetwork}, some in one direction only, some for servers and not for clients, some between two servers. Owned by
 * the test.
 */
final class WayCuts implements Cuts {

    private final CuttableNetwork network;
    private final int serverCount;

    WayCuts(CuttableNetwork network, int serverCount) {
        this.network = network;
        this.serverCount = serverCount;
    }

    @Override
    public String cutOff(StrikableServer server, RandomGenerator random) {
        var isHeard = random.nextInt(4) == 0;
        var hears = !isHeard && random.nextInt(3) == 0;
        var reach = Reach.values()[random.nextInt(Reach.values().length)];
        for (var other : others(server, reach, random)) {
            if (!isHeard) {
                network.cut(server.id(), other);
            }
            if (!hears) {
                network.cut(other, server.id());
            }
        }
        return (isHeard ? "deaf" : hears ? "mute" : "cut off") + reach.words;
    }

    private int[] others(StrikableServer server, Reach reach, RandomGenerator random) {
        var others = IntStream.rangeClosed(reach == Reach.ALL ? CuttableNetwork.CLIENTS : 1, serverCount)
                .filter(other -> other != server.id())
                .toArray();
        return reach == Reach.ONE ? new int[] {others[random.nextInt(others.length)]} : others;
    }

    /** For whom a server is cut off. */
    private enum Reach {
        ALL(""),
        SERVERS(", but for clients"),
        ONE(" for one other");

        private final String words;

        Reach(String words) {
            this.words = words;
        }
    }

    @Override
    public void repair() {
        network.repair();
    }
}
