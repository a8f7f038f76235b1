package io.thalweg.cli;

import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.client.FetchConfig;
import io.thalweg.client.PartitionConsumer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints records as they come. */
@Command(
        name = "consume",
        description = "Prints the records of a topic, and those to come until it is stopped.",
        sortOptions = false,
        footer = {
            "",
            "Placeholders of --format: %%k key, %%v value, %%o offset, %%p partition, %%t time (epoch ms),",
            "%%T topic, %%h headers, %%%% a percent sign; \\n and \\t. What is null prints as -.",
            "",
            "Examples:",
            "  thalweg consume flights",
            "  thalweg consume flights --from beginning --until-end",
            "  thalweg consume flights --from offset:100 --partition 0 --max 10",
            "  thalweg consume flights --from 2001-01-31T08:00:00Z --format '%%p %%o %%k %%v'"
        })
final class ConsumeCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(500);

    private final Terminal terminal;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "TOPIC", description = "The topic to read.")
    private String topic = "";

    @Option(
            names = "--from",
            paramLabel = "START",
            defaultValue = "end",
            converter = StartOption.class,
            description = "beginning, end, offset:N, or a time: 2001-01-31, 2001-01-31T08:00:00Z, epoch milliseconds"
                    + " (default: ${DEFAULT-VALUE}).")
    private StartPosition from = StartPosition.END;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "N",
            description = "Only this partition; may be given more than once.")
    private List<Integer> partitions = List.of();

    @Option(names = "--max", paramLabel = "COUNT", description = "Stops after so many records.")
    private long max = Long.MAX_VALUE;

    @Option(names = "--until-end", description = "Stops at what is the end when it begins.")
    private boolean untilEnd;

    @Option(
            names = "--format",
            paramLabel = "TEXT",
            defaultValue = "%v",
            description = "How a record is printed (default: %%v).")
    private String format = "";

    ConsumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (max < 0) {
            throw new CommandException(
                    ExitCode.USAGE, "--max " + max + " is below 0", "Give a number of records.", null);
        }
        var printed = RecordFormat.parse(format);
        try (var session = connection.open(terminal)) {
            var assigned = assignment(session);
            var ends = untilEnd ? ends(session, assigned) : Map.<TopicPartition, Long>of();
            try (var consumer = session.client().consumer(FetchConfig.DEFAULT)) {
                session.await(consumer.assign(assigned));
                if (!untilEnd && terminal.isInteractive()) {
                    terminal.err().println("thalweg: waiting for records of " + topic + ", until Ctrl-C");
                }
                print(consumer, ends, printed);
            }
        }
        return ExitCode.DONE;
    }

    private void print(PartitionConsumer consumer, Map<TopicPartition, Long> ends, RecordFormat printed) {
        var notices = new TroubleNotices(terminal, System::nanoTime);
        var left = max;
        while (left > 0
                && !Thread.currentThread().isInterrupted()
                && !(untilEnd && hasReached(consumer::position, ends))) {
            for (var record : consumer.poll(POLL)) {
                if (left > 0 && record.offset() < ends.getOrDefault(record.partition(), Long.MAX_VALUE)) {
                    printed.print(record, terminal.out());
                    left--;
                }
            }
            terminal.out().flush();
            if (terminal.out().checkError()) {
                return;
            }
            notices.heard(consumer.trouble().map(Throwable::getMessage));
        }
    }

    private Map<TopicPartition, StartPosition> assignment(ClientSession session) {
        var all = session.await(session.client().topics().describe(topic)).partitions();
        var assigned = new LinkedHashMap<TopicPartition, StartPosition>();
        for (var each : all) {
            if (partitions.isEmpty() || partitions.contains(each.partition())) {
                assigned.put(new TopicPartition(topic, each.partition()), from);
            }
        }
        for (var wanted : partitions) {
            if (!assigned.containsKey(new TopicPartition(topic, wanted))) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "topic " + topic + " has no partition " + wanted + ": it has " + all.size(),
                        "See them with: thalweg topic describe " + topic,
                        null);
            }
        }
        return assigned;
    }

    private static Map<TopicPartition, Long> ends(ClientSession session, Map<TopicPartition, StartPosition> assigned) {
        var wanted = new LinkedHashMap<TopicPartition, StartPosition>();
        assigned.keySet().forEach(partition -> wanted.put(partition, StartPosition.END));
        return session.await(session.client().offsets(wanted));
    }

    private static boolean hasReached(ToLongFunction<TopicPartition> position, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> position.applyAsLong(end.getKey()) >= end.getValue());
    }
}
