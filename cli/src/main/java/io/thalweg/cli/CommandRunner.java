package io.thalweg.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Finds the command that the arguments name and runs it.
 *
 * <p>Picocli reads the annotations of every command it knows, which takes longer than starting a broker. So it is told of the named one
 * only, and of all of them for help.
 */
final class CommandRunner {

    private static final Map<String, Function<Terminal, Object>> COMMANDS = new TreeMap<>(Map.of(
            "server", ServerCommand::new,
            "topic", TopicCommand::new,
            "group", GroupCommand::new,
            "config", ConfigCommand::new,
            "quota", QuotaCommand::new,
            "produce", ProduceCommand::new,
            "consume", ConsumeCommand::new,
            "demo", DemoCommand::new,
            "train", TrainCommand::new));

    private final Terminal terminal;

    CommandRunner(Terminal terminal) {
        this.terminal = terminal;
    }

    int run(String... args) {
        if (args.length > 0 && args[0].equals("server")) {
            var plain = PlainServerArguments.read(Arrays.copyOfRange(args, 1, args.length));
            if (plain.isPresent()) {
                ClassesAhead.beginIfAsked();
                return serve(plain.get());
            }
        }
        if (args.length > 0 && args[0].equals("help")) {
            return run(askingForHelp(args));
        }
        var command = commandLine(args)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setUsageHelpWidth(Math.min(terminal.columns(), 120))
                .setExecutionExceptionHandler((failure, line, parsed) -> explain(failure));
        return command.execute(args);
    }

    /** {@code help topic create} is {@code topic create --help}. */
    private static String[] askingForHelp(String... args) {
        return Stream.concat(Arrays.stream(args).skip(1), Stream.of("--help")).toArray(String[]::new);
    }

    private int serve(ServerSettings settings) {
        try {
            return new Server(settings, terminal).run();
        } catch (IOException | InterruptedException | RuntimeException e) {
            return explain(e);
        }
    }

    private CommandLine commandLine(String... args) {
        var line = new CommandLine(new RootCommand());
        var named = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (named != null) {
            line.addSubcommand(args[0], named.apply(terminal));
        } else {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.apply(terminal)));
        }
        return line;
    }

    private int explain(Exception failure) {
        terminal.out().flush();
        var explained = Explanation.of(failure);
        terminal.err().println("thalweg: " + explained.getMessage());
        if (!explained.advice().isEmpty()) {
            terminal.err().println("  " + explained.advice());
        }
        if (Logging.isVerbose()) {
            failure.printStackTrace(terminal.err());
        }
        terminal.err().flush();
        return explained.exitCode();
    }
}
