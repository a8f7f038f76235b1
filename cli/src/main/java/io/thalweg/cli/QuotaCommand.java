package io.thalweg.cli;

import io.thalweg.client.QuotaListing;
import io.thalweg.client.QuotaTarget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks after what clients may use. */
@Command(
        name = "quota",
        description = {
            "Lists, sets and unsets what clients may use; who uses more is kept waiting.",
            "Quotas: producer_byte_rate, consumer_byte_rate (bytes per second), request_percentage,",
            "controller_mutation_rate (partitions created and deleted per second)."
        },
        synopsisSubcommandLabel = "(list | set | unset)",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  thalweg quota list",
            "  thalweg quota set --client greedy producer_byte_rate=1048576",
            "  thalweg quota set --any-client request_percentage=50",
            "  thalweg quota unset --client greedy producer_byte_rate"
        })
final class QuotaCommand {

    private static final String ANY = "any";

    private final Terminal terminal;

    QuotaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Whom a quota is for. */
    static final class Whose {

        @Option(names = "--client", paramLabel = "ID", description = "For clients that call themselves so (client.id).")
        @Nullable String client;

        @Option(names = "--any-client", description = "For each client id that has no quota of its own.")
        boolean anyClient;

        @Option(
                names = "--user",
                paramLabel = "NAME",
                description = "For a user; with a client, for that one of theirs.")
        @Nullable String user;

        @Option(names = "--any-user", description = "For each user that has no quota of its own.")
        boolean anyUser;

        QuotaTarget target() {
            var names = new TreeMap<String, Optional<String>>();
            put(names, QuotaTarget.CLIENT_ID, client, anyClient);
            put(names, QuotaTarget.USER, user, anyUser);
            if (names.isEmpty() || (client != null && anyClient) || (user != null && anyUser)) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "nobody given whom the quota is for, or too many",
                        "Give --client or --any-client, --user or --any-user, or one of either.",
                        null);
            }
            return new QuotaTarget(names);
        }

        private static void put(
                Map<String, Optional<String>> names, String type, @Nullable String name, boolean isAny) {
            if (name != null || isAny) {
                names.put(type, Optional.ofNullable(name));
            }
        }
    }

    @Command(
            name = "list",
            description = "Lists the quotas there are.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg quota list --json"})
    int list(
            @Mixin ConnectionOptions connection,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        try (var session = connection.open(terminal)) {
            var table = new Table("USER", "CLIENT", "QUOTA", "LIMIT#");
            for (var listing : session.await(session.client().quotas().list())) {
                if (json) {
                    terminal.out().println(JsonText.of(object(listing)));
                }
                listing.limits()
                        .forEach((key, limit) -> table.add(
                                name(listing, QuotaTarget.USER),
                                name(listing, QuotaTarget.CLIENT_ID),
                                key,
                                number(limit)));
            }
            if (!json) {
                table.print(terminal.out(), terminal.columns());
            }
        }
        return ExitCode.DONE;
    }

    private static String name(QuotaListing listing, String type) {
        var name = listing.target().names().get(type);
        return name == null ? "-" : name.orElse(ANY);
    }

    private static Map<String, @Nullable Object> object(QuotaListing listing) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        var who = new LinkedHashMap<String, @Nullable Object>();
        listing.target().names().forEach((type, name) -> who.put(type, name.orElse(null)));
        object.put("for", who);
        var limits = new LinkedHashMap<String, @Nullable Object>();
        listing.limits().forEach((key, limit) -> limits.put(key, number(limit)));
        object.put("limits", limits);
        return object;
    }

    /** Whole numbers without their fraction. */
    private static Object number(double value) {
        var whole = Math.round(value);
        if (whole == value) {
            return whole;
        }
        return value;
    }

    @Command(
            name = "set",
            description = "Sets quotas, all of them or none; others stay as they are.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg quota set --any-client consumer_byte_rate=10485760"})
    int set(
            @Mixin ConnectionOptions connection,
            @Mixin Whose whose,
            @Parameters(
                            arity = "1..*",
                            paramLabel = "KEY=VALUE",
                            converter = SettingOption.class,
                            description = "The quotas.")
                    List<Map.Entry<String, String>> quotas) {
        var changes = new TreeMap<String, Optional<Double>>();
        quotas.forEach(quota -> changes.put(quota.getKey(), Optional.of(limit(quota.getKey(), quota.getValue()))));
        return change(connection, whose, changes);
    }

    private static double limit(String key, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "quota " + key + "=" + value + ": expected a number",
                    "See: thalweg quota --help",
                    e);
        }
    }

    @Command(
            name = "unset",
            description = "Takes quotas back, all of them or none.",
            sortOptions = false,
            footer = {"", "Example:", "  thalweg quota unset --any-client consumer_byte_rate"})
    int unset(
            @Mixin ConnectionOptions connection,
            @Mixin Whose whose,
            @Parameters(arity = "1..*", paramLabel = "KEY", description = "The quotas.") List<String> keys) {
        var changes = new TreeMap<String, Optional<Double>>();
        keys.forEach(key -> changes.put(key, Optional.empty()));
        return change(connection, whose, changes);
    }

    private int change(ConnectionOptions connection, Whose whose, Map<String, Optional<Double>> changes) {
        var target = whose.target();
        try (var session = connection.open(terminal)) {
            session.await(session.client().quotas().alter(target, changes));
            changes.forEach((key, value) -> terminal.out()
                    .println(value.map(limit -> "set " + key + "=" + number(limit))
                                    .orElse("unset " + key) + " for " + target));
        }
        return ExitCode.DONE;
    }
}
