package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What the settings say about the metadata quorum: its roles and voters, with Kafka's names and rules. */
public final class QuorumConfig {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private QuorumConfig() {}

    /**
     * This server's place in its quorum.
     *
     * @throws ConfigException when a voter or an address is written otherwise than it should be
     */
    public static Quorum of(ConfigValues values) {
        return new Quorum(
                ServerKeys.nodeId(values),
                isVoter(values),
                voters(values),
                bootstrap(values),
                Listeners.of(values, () -> "localhost").controller().stream()
                        .map(ListenerConfig::bind)
                        .findFirst());
    }

    /**
     * Whether the settings name voters other than this server, or it is no broker, so that it cannot be a cluster by itself.
     *
     * @param isOwnHost asked whether a name or address is this machine's, if that is not seen from the settings: it may take long
     */
    public static boolean namesOthers(ConfigValues values, Predicate<String> isOwnHost) {
        var self = ServerKeys.nodeId(values);
        return voters(values).stream().anyMatch(voter -> voter.id() != self)
                || (!isVoter(values) && !bootstrap(values).isEmpty())
                || !isBroker(values)
                || isToBeAdded(values, isOwnHost);
    }

    /** Whether this server could vote, and waits for those at the bootstrap addresses to add it; its own address alone means nobody. */
    private static boolean isToBeAdded(ConfigValues values, Predicate<String> isOwnHost) {
        return isVoter(values)
                && voters(values).isEmpty()
                && bootstrap(values).stream().anyMatch(each -> !isOwn(values, each, isOwnHost));
    }

    /** As far as the settings say. */
    private static boolean isToBeAdded(ConfigValues values) {
        return isToBeAdded(values, host -> false);
    }

    private static boolean isOwn(ConfigValues values, Endpoint address, Predicate<String> isOwnHost) {
        return Listeners.of(values, () -> "localhost").controller().stream()
                .filter(own -> own.bind().port() == address.port())
                .anyMatch(own -> LOOPBACK.contains(address.host())
                        || own.bind().host().equals(address.host())
                        || own.advertised().host().equals(address.host())
                        || isOwnHost.test(address.host()));
    }

    /** Whether this server holds partitions. */
    public static boolean isBroker(ConfigValues values) {
        return values.value(ServerKeys.PROCESS_ROLES).contains("broker");
    }

    private static boolean isVoter(ConfigValues values) {
        return values.value(ServerKeys.PROCESS_ROLES).contains("controller");
    }

    private static List<QuorumVoter> voters(ConfigValues values) {
        return parse(values, ServerKeys.CONTROLLER_QUORUM_VOTERS, "id@host:port", QuorumVoter::parse);
    }

    private static List<Endpoint> bootstrap(ConfigValues values) {
        return parse(values, ServerKeys.CONTROLLER_QUORUM_BOOTSTRAP_SERVERS, "host:port", Endpoint::parse);
    }

    private static <T> List<T> parse(
            ConfigValues values, ConfigKey<List<String>> key, String form, Function<String, T> parser) {
        var parsed = new ArrayList<T>();
        for (var text : values.value(key)) {
            try {
                parsed.add(parser.apply(text));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key.name(), text, form);
            }
        }
        return parsed;
    }

    /** What does not fit together. */
    static List<String> problems(ConfigValues values) {
        try {
            return problems(values, voters(values), bootstrap(values));
        } catch (ConfigException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> problems(ConfigValues values, List<QuorumVoter> voters, List<Endpoint> bootstrap) {
        var self = ServerKeys.nodeId(values);
        var ids = new TreeSet<>(voters.stream().map(QuorumVoter::id).toList());
        var problems = new ArrayList<String>();
        if (ids.size() < voters.size()) {
            problems.add(refused(ServerKeys.CONTROLLER_QUORUM_VOTERS, values, "expected each node once"));
        }
        if (isVoter(values)) {
            problems.addAll(ofVoter(values, self, ids));
        } else {
            problems.addAll(ofBroker(values, self, ids, bootstrap));
        }
        return problems;
    }

    private static List<String> ofVoter(ConfigValues values, int self, Set<Integer> voters) {
        var problems = new ArrayList<String>();
        if (!voters.isEmpty() && !voters.contains(self)) {
            problems.add(refused(
                    ServerKeys.CONTROLLER_QUORUM_VOTERS,
                    values,
                    "expected node.id=" + self + " among them, since process.roles has controller"));
        }
        if (!isBroker(values)) {
            problems.addAll(ofControllerAlone(values, voters));
        } else if ((voters.size() > 1 || isToBeAdded(values)) && lacksControllerListener(values)) {
            problems.add(refused(
                    ListenerKeys.CONTROLLER_LISTENER_NAMES,
                    values,
                    "expected the name of one of listeners, by which the voters reach this server"));
        }
        return problems;
    }

    private static List<String> ofControllerAlone(ConfigValues values, Set<Integer> voters) {
        var problems = new ArrayList<String>();
        if (voters.isEmpty() && !isToBeAdded(values)) {
            problems.add(refused(
                    ServerKeys.PROCESS_ROLES,
                    values,
                    "expected controller.quorum.voters, since brokers look for this server there"));
        }
        if (!controllerListeners(values).containsAll(listeners(values))) {
            problems.add(refused(
                    ListenerKeys.LISTENERS,
                    values,
                    "expected those of controller.listener.names alone, since process.roles has no broker"));
        }
        return problems;
    }

    private static boolean lacksControllerListener(ConfigValues values) {
        return controllerListeners(values).stream().noneMatch(listeners(values)::contains);
    }

    private static List<String> ofBroker(ConfigValues values, int self, Set<Integer> voters, List<Endpoint> bootstrap) {
        var problems = new ArrayList<String>();
        if (voters.isEmpty() && bootstrap.isEmpty()) {
            problems.add(refused(
                    ServerKeys.PROCESS_ROLES,
                    values,
                    "expected controller too, or controller.quorum.voters, who decide in its stead"));
        }
        if (voters.contains(self)) {
            problems.add(refused(
                    ServerKeys.CONTROLLER_QUORUM_VOTERS,
                    values,
                    "expected node.id=" + self + " not to be among them, since process.roles has no controller"));
        }
        if (controllerListeners(values).stream().anyMatch(listeners(values)::contains)) {
            problems.add(refused(
                    ListenerKeys.CONTROLLER_LISTENER_NAMES,
                    values,
                    "expected none of listeners, since process.roles has no controller"));
        }
        return problems;
    }

    private static List<String> controllerListeners(ConfigValues values) {
        return values.value(ListenerKeys.CONTROLLER_LISTENER_NAMES).stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList();
    }

    private static List<String> listeners(ConfigValues values) {
        return values.value(ListenerKeys.LISTENERS).stream()
                .map(text -> text.substring(0, Math.max(0, text.indexOf(':'))).toUpperCase(Locale.ROOT))
                .toList();
    }

    private static String refused(ConfigKey<List<String>> key, ConfigValues values, String expected) {
        return "config " + key.name() + "=" + String.join(",", values.value(key)) + " refused: " + expected;
    }
}
