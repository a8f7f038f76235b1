package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold between settings of a broker, each of them being allowed by itself. */
final class BrokerRules {

    private BrokerRules() {}

    /** Everything that does not fit together. */
    static List<String> problems(ConfigValues values) {
        var problems = new ArrayList<String>();
        note(problems, notAbove(values, LogKeys.MIN_COMPACTION_LAG_MILLIS, LogKeys.MAX_COMPACTION_LAG_MILLIS));
        note(
                problems,
                notAbove(
                        values,
                        ReplicationKeys.REPLICA_FETCH_WAIT_MAX_MILLIS,
                        ReplicationKeys.REPLICA_SOCKET_TIMEOUT_MILLIS));
        note(
                problems,
                notAbove(
                        values,
                        ReplicationKeys.REPLICA_FETCH_WAIT_MAX_MILLIS,
                        ReplicationKeys.REPLICA_LAG_TIME_MAX_MILLIS));
        note(
                problems,
                notAbove(
                        values, ServerKeys.BROKER_HEARTBEAT_INTERVAL_MILLIS, ServerKeys.BROKER_SESSION_TIMEOUT_MILLIS));
        groupProblems(values, problems);
        note(problems, nodeProblem(values));
        problems.addAll(QuorumConfig.problems(values));
        note(problems, queueProblem(values));
        note(problems, listenerProblem(values));
        return problems;
    }

    private static void groupProblems(ConfigValues values, List<String> problems) {
        note(problems, notAbove(values, GroupKeys.MIN_SESSION_TIMEOUT_MILLIS, GroupKeys.MAX_SESSION_TIMEOUT_MILLIS));
        inOrder(
                values,
                problems,
                GroupKeys.CONSUMER_MIN_SESSION_TIMEOUT_MILLIS,
                GroupKeys.CONSUMER_SESSION_TIMEOUT_MILLIS,
                GroupKeys.CONSUMER_MAX_SESSION_TIMEOUT_MILLIS);
        inOrder(
                values,
                problems,
                GroupKeys.CONSUMER_MIN_HEARTBEAT_INTERVAL_MILLIS,
                GroupKeys.CONSUMER_HEARTBEAT_INTERVAL_MILLIS,
                GroupKeys.CONSUMER_MAX_HEARTBEAT_INTERVAL_MILLIS);
        note(
                problems,
                notAbove(
                        values,
                        GroupKeys.CONSUMER_HEARTBEAT_INTERVAL_MILLIS,
                        GroupKeys.CONSUMER_SESSION_TIMEOUT_MILLIS));
    }

    private static void inOrder(
            ConfigValues values,
            List<String> problems,
            ConfigKey<Integer> least,
            ConfigKey<Integer> middle,
            ConfigKey<Integer> most) {
        note(problems, notAbove(values, least, middle));
        note(problems, notAbove(values, middle, most));
    }

    private static void note(List<String> problems, Optional<String> problem) {
        problem.ifPresent(problems::add);
    }

    /** The problem when the first setting is above the second. */
    static Optional<String> notAbove(
            ConfigValues values, ConfigKey<? extends Number> low, ConfigKey<? extends Number> high) {
        var lowValue = values.value(low).longValue();
        var highValue = values.value(high).longValue();
        return lowValue <= highValue
                ? Optional.empty()
                : Optional.of("config " + low.name() + "=" + lowValue + " refused: expected a number not above "
                        + high.name() + "=" + highValue);
    }

    private static Optional<String> nodeProblem(ConfigValues values) {
        var nodeId = values.value(ServerKeys.NODE_ID);
        var brokerId = values.value(ServerKeys.BROKER_ID);
        var differ = values.isSet(ServerKeys.NODE_ID) && brokerId >= 0 && !nodeId.equals(brokerId);
        return differ
                ? Optional.of("config broker.id=" + brokerId + " refused: expected the same as node.id=" + nodeId)
                : Optional.empty();
    }

    private static Optional<String> queueProblem(ConfigValues values) {
        var queued = values.value(TransportKeys.QUEUED_MAX_REQUEST_BYTES);
        return queued < 0
                ? Optional.empty()
                : notAbove(values, TransportKeys.SOCKET_REQUEST_MAX_BYTES, TransportKeys.QUEUED_MAX_REQUEST_BYTES);
    }

    private static Optional<String> listenerProblem(ConfigValues values) {
        try {
            Listeners.of(values, () -> "host");
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
