package io.thalweg.cli;

import io.thalweg.client.ConfigSetting;
import io.thalweg.client.ConfigTarget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after settings. */
@Command(
        name = "config",
        description = "Shows, sets and unsets settings of topics, brokers and groups while brokers run.",
        synopsisSubcommandLabel = "(describe | set | unset)",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  thalweg config describe --topic flights",
            "  thalweg config set --topic flights retention.ms=86400000",
            "  thalweg config unset --all-brokers log.retention.ms"
        })
final class ConfigCommand {

    private static final String NONE = "-";

    private final Terminal terminal;

    ConfigCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Whose settings; one of them. */
    static final class Whose {

        @Option(names = "--topic", paramLabel = "NAME", description = "Those of a topic.")
        @Nullable String topic;

        @Option(names = "--broker", paramLabel = "ID", description = "Those of a broker.")
        @Nullable Integer broker;

        @Option(names = "--all-brokers", description = "Those of all brokers that have nothing else set.")
        boolean allBrokers;

        @Option(names = "--group", paramLabel = "NAME", description = "Those of a consumer group.")
        @Nullable String group;

        ConfigTarget target() {
            if (topic != null) {
                return new ConfigTarget(ConfigTarget.Type.TOPIC, topic);
            }
            if (group != null) {
                return new ConfigTarget(ConfigTarget.Type.GROUP, group);
            }
            return broker == null
                    ? ConfigTarget.ALL_BROKERS
                    : new ConfigTarget(ConfigTarget.Type.BROKER, broker.toString());
        }
    }

    @Command(
            name = "describe",
            description = {"Shows settings and who has set them.", "Only what is set, unless --all is given."},
            sortOptions = false,
            footer = {"", "Example:", "  thalweg config describe --broker 1 --all"})
    int describe(
            @Mixin ConnectionOptions connection,
            @ArgGroup(multiplicity = "1") Whose whose,
            @Option(
                            names = {"-a", "--all"},
                            description = "Defaults and the broker's file too.")
                    boolean all,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        try (var session = connection.open(terminal)) {
            var table = new Table("SETTING", "VALUE", "SET FOR");
            for (var setting : session.await(session.client().configs().describe(whose.target()))) {
                if (!all && !setting.isSet()) {
                    continue;
                }
                if (json) {
                    terminal.out().println(JsonText.of(object(setting)));
                }
                table.add(setting.name(), orNone(setting.value()), source(setting));
            }
            if (!json) {
                table.print(terminal.out(), terminal.columns());
            }
        }
        return ExitCode.DONE;
    }

    private static Map<String, @Nullable Object> object(ConfigSetting setting) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("setting", setting.name());
        object.put("value", setting.value());
        object.put("source", source(setting));
        object.put("readOnly", setting.isReadOnly());
        return object;
    }

    private static String source(ConfigSetting setting) {
        return setting.source().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String orNone(@Nullable String value) {
        return value == null || value.isEmpty() ? NONE : value;
    }

    @Command(
            name = "set",
            description = "Sets settings, all of them or none; others stay as they are.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg config set --group analytics consumer.session.timeout.ms=50000"})
    int set(
            @Mixin ConnectionOptions connection,
            @ArgGroup(multiplicity = "1") Whose whose,
            @Parameters(
                            arity = "1..*",
                            paramLabel = "KEY=VALUE",
                            converter = SettingOption.class,
                            description = "The settings.")
                    List<Map.Entry<String, String>> settings) {
        var changes = new TreeMap<String, Optional<String>>();
        settings.forEach(setting -> changes.put(setting.getKey(), Optional.of(setting.getValue())));
        return change(connection, whose, changes);
    }

    @Command(
            name = "unset",
            description = "Takes settings back, all of them or none.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg config unset --topic flights retention.ms"})
    int unset(
            @Mixin ConnectionOptions connection,
            @ArgGroup(multiplicity = "1") Whose whose,
            @Parameters(arity = "1..*", paramLabel = "KEY", description = "The settings.") List<String> keys) {
        var changes = new TreeMap<String, Optional<String>>();
        keys.forEach(key -> changes.put(key, Optional.empty()));
        return change(connection, whose, changes);
    }

    private int change(ConnectionOptions connection, Whose whose, Map<String, Optional<String>> changes) {
        try (var session = connection.open(terminal)) {
            session.await(session.client().configs().alter(whose.target(), changes));
            changes.forEach((key, value) -> terminal.out()
                    .println(value.map(set -> "set " + key + "=" + set).orElse("unset " + key)));
        }
        return ExitCode.DONE;
    }
}
