package io.thalweg.cli;

import io.thalweg.api.GroupDescription;
import io.thalweg.api.TopicPartition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after consumer groups. */
@Command(
        name = "group",
        description = "Lists, describes and deletes consumer groups, and moves their offsets.",
        synopsisSubcommandLabel = "(list | describe | reset-offsets | delete)",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  thalweg group list",
            "  thalweg group describe analytics",
            "  thalweg group reset-offsets analytics --topic flights --to-earliest --execute",
            "  thalweg group delete analytics"
        })
final class GroupCommand {

    private static final String NONE = "-";

    private final Terminal terminal;

    GroupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "list",
            description = "Lists the groups there are.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg group list --json"})
    int list(
            @Mixin ConnectionOptions connection,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        try (var session = connection.open(terminal)) {
            var table = new Table("GROUP", "STATE", "TYPE");
            for (var group : session.await(session.client().groups().list())) {
                if (json) {
                    print(Map.of("group", group.groupId(), "state", group.state(), "type", group.protocolType()));
                }
                table.add(group.groupId(), orNone(group.state()), orNone(group.protocolType()));
            }
            if (!json) {
                table.print(terminal.out(), terminal.columns());
            }
        }
        return ExitCode.DONE;
    }

    private void print(Map<String, ? extends @Nullable Object> object) {
        terminal.out().println(JsonText.of(object));
    }

    private static Object orNone(@Nullable Object value) {
        return value == null || value.equals("") ? NONE : value;
    }

    @Command(
            name = "describe",
            description = "Shows the members of a group and how far it is behind in each partition.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg group describe analytics"})
    int describe(
            @Mixin ConnectionOptions connection,
            @Parameters(paramLabel = "NAME", description = "The group.") String name,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        try (var session = connection.open(terminal)) {
            var group = existing(session, name);
            var rows = GroupLag.of(group, session);
            if (json) {
                print(GroupJson.of(group, rows));
            } else {
                print(group, rows);
            }
        }
        return ExitCode.DONE;
    }

    private static GroupDescription existing(ClientSession session, String name) {
        var group = session.await(session.client().groups().describe(name));
        if (!group.exists()) {
            throw new CommandException(
                    ExitCode.FAILED, "group " + name + " does not exist", "See: thalweg group list", null);
        }
        return group;
    }

    private void print(GroupDescription group, List<GroupLag.Row> rows) {
        var out = terminal.out();
        out.println("group        " + group.groupId() + ", " + group.state().toLowerCase(Locale.ROOT));
        out.println("protocol     " + orNone(group.protocolType() + " " + group.protocol()));
        out.println("coordinator  broker " + group.coordinatorId());
        out.println();
        var members = new Table("MEMBER", "CLIENT", "HOST", "PARTITIONS#");
        for (var member : group.members()) {
            var id = member.instanceId() == null ? member.memberId() : member.instanceId();
            members.add(
                    id,
                    member.clientId(),
                    member.clientHost(),
                    member.assigned().size());
        }
        if (!group.members().isEmpty()) {
            members.print(out, terminal.columns());
            out.println();
        }
        var table = new Table("TOPIC", "PARTITION#", "COMMITTED#", "END#", "LAG#", "CLIENT");
        for (var row : rows) {
            var member = row.member();
            table.add(
                    row.partition().topic(),
                    row.partition().partition(),
                    orNone(row.committed()),
                    orNone(row.end()),
                    orNone(row.lag()),
                    member == null ? NONE : member.clientId());
        }
        table.print(out, terminal.columns());
    }

    @Command(
            name = "reset-offsets",
            description = {
                "Moves the offsets of a group that has no members.",
                "Only shows what it would do, unless --execute is given."
            },
            sortOptions = false,
            footer = {
                "",
                "Examples:",
                "  thalweg group reset-offsets analytics --all-topics --to-earliest",
                "  thalweg group reset-offsets analytics --topic flights --shift-by -100 --execute"
            })
    int resetOffsets(
            @Mixin ConnectionOptions connection,
            @Parameters(paramLabel = "NAME", description = "The group.") String name,
            @Option(
                            names = "--topic",
                            paramLabel = "TOPIC",
                            description = "A topic to move in; may be given more than once.")
                    @Nullable List<String> topics,
            @Option(names = "--all-topics", description = "Move in all topics that the group has offsets of.")
                    boolean allTopics,
            @ArgGroup(multiplicity = "1") OffsetTarget target,
            @Option(names = "--execute", description = "Do it.") boolean execute,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        if (allTopics == (topics != null)) {
            throw new CommandException(
                    ExitCode.USAGE, "no topics given, or too many", "Give --topic or --all-topics.", null);
        }
        try (var session = connection.open(terminal)) {
            var group = session.await(session.client().groups().describe(name));
            refuseMembers(group);
            var chosen = topics != null ? topics : topicsOf(group);
            var moves = new OffsetReset(session, group).plan(chosen, target, Instant.now());
            if (execute) {
                session.await(session.client().groups().commit(name, offsets(moves)));
            }
            show(moves, json);
            if (!execute) {
                terminal.err().println("nothing was changed: add --execute to do this");
            }
        }
        return ExitCode.DONE;
    }

    private static void refuseMembers(GroupDescription group) {
        if (!group.members().isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "group " + group.groupId() + " has " + group.members().size() + " members",
                    "Stop them first: they would commit over it.",
                    null);
        }
    }

    private static List<String> topicsOf(GroupDescription group) {
        return group.committed().keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .sorted()
                .toList();
    }

    private static Map<TopicPartition, Long> offsets(List<OffsetReset.Move> moves) {
        return moves.stream().collect(Collectors.toMap(OffsetReset.Move::partition, OffsetReset.Move::after));
    }

    private void show(List<OffsetReset.Move> moves, boolean json) {
        var table = new Table("TOPIC", "PARTITION#", "COMMITTED#", "NEW#");
        for (var move : moves) {
            var partition = move.partition();
            if (json) {
                var object = new LinkedHashMap<String, @Nullable Object>();
                object.put("topic", partition.topic());
                object.put("partition", partition.partition());
                object.put("committed", move.before());
                object.put("new", move.after());
                print(object);
            }
            table.add(partition.topic(), partition.partition(), orNone(move.before()), move.after());
        }
        if (!json) {
            table.print(terminal.out(), terminal.columns());
        }
    }

    @Command(
            name = "delete",
            description = "Deletes groups that have no members, with their offsets.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg group delete analytics"})
    int delete(
            @Mixin ConnectionOptions connection,
            @Parameters(arity = "1..*", paramLabel = "NAME", description = "The groups to delete.")
                    List<String> names) {
        try (var session = connection.open(terminal)) {
            for (var name : names) {
                session.await(session.client().groups().delete(name));
                terminal.out().println("deleted " + name);
            }
        }
        return ExitCode.DONE;
    }
}
