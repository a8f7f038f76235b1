package io.thalweg.cli;

import io.thalweg.api.NewTopic;
import io.thalweg.api.TopicDescription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after topics. */
@Command(
        name = "topic",
        description = "Creates, lists, describes and deletes topics.",
        synopsisSubcommandLabel = "(create | list | describe | delete)",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  thalweg topic create flights --partitions 4 --config retention.ms=86400000",
            "  thalweg topic list",
            "  thalweg topic describe flights",
            "  thalweg topic delete flights"
        })
final class TopicCommand {

    private final Terminal terminal;

    TopicCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "create",
            description = "Creates topics and waits until they can be written to.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg topic create flights -p 4 --config durability=os"})
    int create(
            @Mixin ConnectionOptions connection,
            @Parameters(arity = "1..*", paramLabel = "NAME", description = "The topics to create.") List<String> names,
            @Option(
                            names = {"-p", "--partitions"},
                            paramLabel = "COUNT",
                            defaultValue = "-1",
                            description = "How many partitions (default: as the broker is set up).")
                    int partitions,
            @Option(
                            names = {"-r", "--replication-factor"},
                            paramLabel = "COUNT",
                            defaultValue = "-1",
                            description = "How many replicas each partition has (default: as the broker is set up).")
                    int replicationFactor,
            @Option(
                            names = "--config",
                            paramLabel = "KEY=VALUE",
                            converter = SettingOption.class,
                            description = "A setting of the topic; may be given more than once.")
                    @Nullable List<Map.Entry<String, String>> config) {
        var settings = SettingOption.byKey(config == null ? List.of() : config);
        try (var session = connection.open(terminal)) {
            for (var name : names) {
                session.await(
                        session.client().topics().create(new NewTopic(name, partitions, replicationFactor, settings)));
                terminal.out().println("created " + name);
            }
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "list",
            description = "Lists the topics there are.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg topic list --all"})
    int list(
            @Mixin ConnectionOptions connection,
            @Option(
                            names = {"-a", "--all"},
                            description = "Internal topics too.")
                    boolean all) {
        try (var session = connection.open(terminal)) {
            var table = new Table("TOPIC", "PARTITIONS#", "REPLICAS#", "WITHOUT LEADER#");
            for (var topic : session.await(session.client().topics().list())) {
                if (all || !topic.isInternal()) {
                    table.add(topic.name(), topic.partitions().size(), replicas(topic), withoutLeader(topic));
                }
            }
            table.print(terminal.out(), terminal.columns());
        }
        return ExitCode.DONE;
    }

    private static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .max()
                .orElse(0);
    }

    private static long withoutLeader(TopicDescription topic) {
        return topic.partitions().stream()
                .filter(partition -> partition.leaderId() < 0)
                .count();
    }

    @Command(
            name = "describe",
            description = "Shows the partitions, offsets and settings of a topic.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg topic describe flights"})
    int describe(
            @Mixin ConnectionOptions connection,
            @Parameters(paramLabel = "NAME", description = "The topic.") String name) {
        try (var session = connection.open(terminal)) {
            var topic = session.await(session.client().topics().describe(name));
            var out = terminal.out();
            out.println("topic     " + topic.name() + " (" + topic.id() + ")");
            out.println("records   " + topic.recordsCount() + " at most");
            var settings = new TreeMap<>(topic.config());
            out.println("settings  " + (settings.isEmpty() ? "as the broker has them" : settings));
            out.println();
            var table = new Table("PARTITION#", "LEADER#", "EPOCH#", "REPLICAS", "IN SYNC", "START#", "END#");
            for (var each : topic.partitions()) {
                table.add(
                        each.partition(),
                        each.leaderId() < 0 ? "none" : each.leaderId(),
                        each.leaderEpoch(),
                        ids(each.replicas()),
                        ids(each.isr()),
                        each.startOffset(),
                        each.endOffset());
            }
            table.print(out, terminal.columns());
        }
        return ExitCode.DONE;
    }

    private static String ids(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Command(
            name = "delete",
            description = "Deletes topics with all of their records.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg topic delete flights"})
    int delete(
            @Mixin ConnectionOptions connection,
            @Parameters(arity = "1..*", paramLabel = "NAME", description = "The topics to delete.")
                    List<String> names) {
        try (var session = connection.open(terminal)) {
            for (var name : names) {
                session.await(session.client().topics().delete(name));
                terminal.out().println("deleted " + name);
            }
        }
        return ExitCode.DONE;
    }
}
