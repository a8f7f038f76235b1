package io.thalweg.simulation.cluster;

import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
import java.util.ArrayList;
import java.util.List;

/** The metadata quorum as one process has it: its member dies with it. Owned by the scheduler. */
final class SimulatedQuorum implements MetadataLogProvider {

    private final InProcessQuorum quorum;
    private final SimulatedProcess process;
    private final List<MetadataLog> members = new ArrayList<>();

    SimulatedQuorum(InProcessQuorum quorum, SimulatedProcess process) {
        this.quorum = quorum;
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
        var member = quorum.open(context);
        members.add(member);
        return member;
    }

    /** Once the process is dead. */
    void end() {
        assert process.isDead();
        members.forEach(MetadataLog::close);
    }
}
