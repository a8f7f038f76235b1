package io.thalweg.integration.processes;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Cuts in a {@link CuttableNetwork}, some in one direction only, some for servers and not for clients. Owned by the test. */
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
        var withClients = random.nextBoolean();
        var others = IntStream.rangeClosed(withClients ? CuttableNetwork.CLIENTS : 1, serverCount)
                .filter(other -> other != server.id())
                .toArray();
        for (var other : others) {
            if (!isHeard) {
                network.cut(server.id(), other);
            }
            if (!hears) {
                network.cut(other, server.id());
            }
        }
        return (isHeard ? "deaf" : hears ? "mute" : "cut off") + (withClients ? "" : ", but for clients");
    }

    @Override
    public void repair() {
        network.repair();
    }
}
