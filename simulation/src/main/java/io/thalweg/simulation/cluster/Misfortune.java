package io.thalweg.simulation.cluster;

import io.thalweg.simulation.world.SimulatedNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What befalls a cluster: one thing after the other, each for a while, sometimes several at once. Owned by the scheduler.
 *
 * <p>A cluster of three is meant to keep its word whatever of this happens, so nothing is spared.
 */
public final class Misfortune {

    private static final long SLOW_WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long TYPICAL_WORK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** So often it is looked whether one that came back is not in sync yet. */
    private static final int LOOKS = 400;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final SimulatedCluster cluster;
    private final Random random;
    private final int minIsr;
    private boolean isOver;

    /** What may befall this cluster, whose acknowledgements tell of so many replicas. */
    public Misfortune(SimulatedCluster cluster, int minIsr) {
        this.cluster = cluster;
        this.random = cluster.scheduler().random();
        this.minIsr = minIsr;
    }

    /** Has one thing happen, or end. */
    public void strike() {
        var node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        switch (random.nextInt(22)) {
            case 0, 1 -> kill(node, random.nextBoolean());
            case 2 -> stop(node);
            case 3, 4, 5 -> startOne();
            case 6 -> pause(node);
            case 7 -> resume(node);
            case 8 -> isolate(node);
            case 9 -> cutOneWay();
            case 10 -> healNetwork();
            case 11 -> slowDown(node);
            case 12 -> changeController(node);
            case 13 -> holdUpMessages();
            case 14, 15 -> stallOne(node);
            case 16 -> fill(node);
            case 17 -> breakDown(node);
            case 18 -> damage(node);
            case 19, 20 -> relapse(node);
            default -> disturb(node);
        }
    }

    private void kill(SimulatedNode node, boolean isPowerLost) {
        end(node, isPowerLost);
        if (isPowerLost && random.nextInt(4) == 0) {
            cluster.nodes().forEach(each -> end(each, true));
        }
        if (random.nextInt(3) == 0) {
            // Sooner than anybody has noticed.
            cluster.startAll();
        }
    }

    private void end(SimulatedNode node, boolean isPowerLost) {
        if (node.isUp() && cluster.ledger().canDie(node.id())) {
            node.kill(isPowerLost && mayLosePower(node));
            if (cluster.ledger().areLogsDamaged() && random.nextBoolean()) {
                node.damageLog();
            }
        }
    }

    /** While another stops, that one still has to make durable what it has. */
    private boolean mayLosePower(SimulatedNode node) {
        var isOtherStopping = cluster.nodes().stream().anyMatch(other -> other != node && other.isStopping());
        return cluster.ledger().canLosePower(node.id(), minIsr)
                && (cluster.ledger().isSynced() || !isOtherStopping);
    }

    private void stop(SimulatedNode node) {
        if (node.isServing() && !node.process().isPaused() && cluster.ledger().canDie(node.id())) {
            node.stop();
        }
    }

    /**
     * One comes back, and is about to be in sync again when it loses its power once more; it is back before the controller hears what
     * its leader said of its earlier life.
     */
    private void relapse(SimulatedNode node) {
        end(node, random.nextBoolean());
        restart(node);
        watch(node, LOOKS);
    }

    private void watch(SimulatedNode node, int looksLeft) {
        cluster.afterwards(LOOK_NANOS, () -> {
            var leader = cluster.leaderWithout(node.id());
            if (!isOver && node.isServing() && leader.isPresent()) {
                fallBack(node, "n" + leader.getAsInt());
            } else if (!isOver && looksLeft > 0) {
                watch(node, looksLeft - 1);
            }
        });
    }

    private void fallBack(SimulatedNode node, String leader) {
        cluster.journal().note("what " + leader + " says to others than " + node.name() + " is late");
        cluster.network().delay(leader, node.name(), TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1500)));
        cluster.afterwards(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(10)), () -> {
            if (!isOver) {
                end(node, true);
                restart(node);
            }
        });
    }

    private void restart(SimulatedNode node) {
        if (!node.isUp()) {
            cluster.start(node);
        }
    }

    private void startOne() {
        cluster.nodes().stream().filter(node -> !node.isUp()).findFirst().ifPresent(cluster::start);
    }

    private void pause(SimulatedNode node) {
        if (node.isUp()) {
            cluster.journal().note("node " + node.id() + " pauses");
            node.process().pause();
            if (random.nextBoolean()) {
                cluster.quorum().cutOff(node.id());
            }
        }
    }

    private void resume(SimulatedNode node) {
        if (node.isUp() && node.process().isPaused()) {
            cluster.journal().note("node " + node.id() + " goes on");
            node.process().resume();
            cluster.quorum().rejoin(node.id());
        }
    }

    private void isolate(SimulatedNode node) {
        cluster.journal().note("node " + node.id() + " is cut off");
        for (var other : cluster.nodes()) {
            if (other != node) {
                cluster.network().cut(node.name(), other.name());
                cluster.network().cut(other.name(), node.name());
            }
        }
        if (random.nextBoolean()) {
            cluster.quorum().cutOff(node.id());
        }
    }

    private void cutOneWay() {
        var ends = new ArrayList<>(
                cluster.nodes().stream().map(SimulatedNode::name).toList());
        ends.add("client");
        var from = ends.remove(random.nextInt(ends.size()));
        var to = ends.get(random.nextInt(ends.size()));
        cluster.journal().note("from " + from + " nothing reaches " + to);
        cluster.network().cut(from, to);
        if (random.nextBoolean()) {
            cluster.network().cut(to, from);
        }
    }

    private void healNetwork() {
        cluster.journal().note("the network heals");
        cluster.network().heal();
        cluster.network().setLatency(SimulatedNetwork.typicalLatencyNanos());
        cluster.nodes().stream()
                .filter(node -> !node.isUp() || !node.process().isPaused())
                .forEach(node -> cluster.quorum().rejoin(node.id()));
    }

    private void slowDown(SimulatedNode node) {
        if (random.nextBoolean()) {
            cluster.journal().note("the network is slow");
            cluster.network().setLatency(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(10)));
        } else if (node.isUp()) {
            cluster.journal().note("the disk of node " + node.id() + " is slow");
            node.process().setWorkDelay(random.nextBoolean() ? SLOW_WORK_NANOS : TYPICAL_WORK_NANOS);
        }
    }

    private void changeController(SimulatedNode node) {
        if (random.nextBoolean()) {
            if (random.nextBoolean()) {
                cluster.quorum().resign();
            } else {
                cluster.doubtNextProposal();
            }
        } else {
            cluster.journal().note("node " + node.id() + " is not heard by the metadata quorum");
            cluster.quorum().cutOff(node.id());
        }
    }

    private void holdUpMessages() {
        cluster.journal().note("messages are held up");
        cluster.network().delay(random.nextDouble(), TimeUnit.MILLISECONDS.toNanos(16L << random.nextInt(11)));
    }

    private void stallOne(SimulatedNode node) {
        if (node.isUp()) {
            var millis = 1L << random.nextInt(13);
            cluster.journal()
                    .note(node.process().stallOne(TimeUnit.MILLISECONDS.toNanos(millis)) + " stalls for " + millis
                            + " ms");
        }
    }

    private void fill(SimulatedNode node) {
        cluster.journal().note("the disk of node " + node.id() + " is full");
        node.trouble().fill(random.nextBoolean() ? 1 : random.nextDouble());
    }

    private void breakDown(SimulatedNode node) {
        if (node.trouble().isWell() && cluster.ledger().isSynced()) {
            cluster.journal().note("the disk of node " + node.id() + " fails now and then");
            node.trouble().breakDown(1.0 / (1 << random.nextInt(10)));
        } else {
            cluster.journal().note("the disk of node " + node.id() + " is well again");
            node.trouble().end();
        }
    }

    private void damage(SimulatedNode node) {
        if (!node.isUp() && node.hasBegun()) {
            node.damage();
        }
    }

    private void disturb(SimulatedNode node) {
        if (random.nextBoolean()) {
            cluster.journal().note("connections are lost");
            cluster.network().reset(random.nextDouble());
        } else if (node.isUp()) {
            var minutes = random.nextInt(41) - 20;
            cluster.journal().note("the clock of node " + node.id() + " is " + minutes + " min off");
            node.process().setClock(TimeUnit.MINUTES.toMillis(minutes));
        }
    }

    /** Ends everything that is wrong. */
    public void endAll() {
        isOver = true;
        cluster.journal().note("everything heals");
        healNetwork();
        cluster.endPluginFaults();
        for (var node : List.copyOf(cluster.nodes())) {
            resume(node);
            node.trouble().end();
            if (node.isUp()) {
                node.process().setWorkDelay(TYPICAL_WORK_NANOS);
            }
            cluster.quorum().rejoin(node.id());
        }
        cluster.startAll();
    }
}
