package io.thalweg.simulation.cluster;

import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
import java.util.ArrayList;
import java.util.List;

/** The metadata quorum as one process has it: its member dies with it. Owned by the scheduler. */
final class SimulatedQuorum implements MetadataLogProvider {

    private final SimulatedCluster cluster;
    private final SimulatedProcess process;
    private final List<MetadataLog> members = new ArrayList<>();

    SimulatedQuorum(SimulatedCluster cluster, SimulatedProcess process) {
        this.cluster = cluster;
        this.process = process;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of();
    }

    @Override
    public MetadataLog open(MetadataLogContext context) {
        var member = new SimulatedVoter(cluster.quorum().open(context), cluster, process);
        members.add(member);
        return member;
    }

    /** Once the process is dead. */
    void end() {
        assert process.isDead();
        members.forEach(MetadataLog::close);
    }
}
