package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
import java.util.List;
import java.util.TreeSet;

/** What the settings say about the metadata quorum. */
public final class QuorumConfig {

    private QuorumConfig() {}

    /**
     * This server's place in its quorum.
     *
     * @throws ConfigException when a voter is written otherwise than {@code id@host:port}, or named twice
     */
    public static Quorum of(ConfigValues values) {
        return new Quorum(
                ServerKeys.nodeId(values),
                values.value(ServerKeys.PROCESS_ROLES).contains("controller"),
                voters(values),
                Listeners.of(values, "localhost").controller().stream()
                        .map(ListenerConfig::bind)
                        .findFirst());
    }

    private static List<QuorumVoter> voters(ConfigValues values) {
        var key = ServerKeys.CONTROLLER_QUORUM_VOTERS;
        var ids = new TreeSet<Integer>();
        return values.value(key).stream()
                .map(text -> {
                    try {
                        return QuorumVoter.parse(text);
                    } catch (IllegalArgumentException e) {
                        throw new ConfigException(key.name(), text, "id@host:port");
                    }
                })
                .peek(voter -> {
                    if (!ids.add(voter.id())) {
                        throw new ConfigException(key.name(), voter.toString(), "each node once");
                    }
                })
                .toList();
    }

    /** Whether the settings name voters other than this server, so that it cannot be a cluster by itself. */
    public static boolean namesOthers(ConfigValues values) {
        var self = ServerKeys.nodeId(values);
        return voters(values).stream().anyMatch(voter -> voter.id() != self);
    }
}
