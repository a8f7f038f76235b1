package io.thalweg.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command itself, which only has sub-commands. */
@Command(
        name = "thalweg",
        version = "thalweg 0.1.0-SNAPSHOT",
        description = "A streaming platform that speaks the Apache Kafka wire protocol.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:the command line cannot be used",
            "3:the broker cannot be reached",
            "4:the demo found records missing or out of order",
            "5:the input cannot be had"
        },
        footer = {
            "",
            "Examples:",
            "  thalweg demo                               stream real flight records through a broker",
            "  thalweg server                             run a broker on port 9092",
            "  thalweg topic create flights -p 4",
            "  thalweg produce flights --file flights.csv --key-field origin",
            "  thalweg consume flights --from beginning --max 10",
            "  thalweg group describe analytics",
            "  thalweg config set --topic flights retention.ms=86400000",
            "  thalweg quota set --client greedy producer_byte_rate=1048576",
            "",
            "Each command explains itself: thalweg COMMAND --help"
        })
final class RootCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean wantsHelp;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean wantsVersion;
}
