package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
import java.util.List;

/** A metadata quorum on Apache Ratis: {@code ratis}. Servers that vote keep the log, others follow it. */
public final class RatisQuorum implements MetadataLogProvider {

    /** For the service loader. */
    public RatisQuorum() {}

    @Override
    public String name() {
        return "ratis";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return QuorumSettings.keys();
    }

    @Override
    public MetadataLog open(MetadataLogContext context) {
        var settings = QuorumSettings.of(context.config());
        if (context.quorum().voters().isEmpty() && context.quorum().bootstrap().isEmpty()) {
            throw new ConfigException("controller.quorum.voters", "", "the servers that vote, each as id@host:port");
        }
        // Ratis looks for its own parts where the thread's context points to, and so do the threads it starts.
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(RatisQuorum.class.getClassLoader());
        try {
            return context.quorum().isVoter() ? MemberLog.open(settings, context) : ObserverLog.open(settings, context);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
