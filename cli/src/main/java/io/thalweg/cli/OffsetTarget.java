package io.thalweg.cli;

import io.thalweg.api.StartPosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a group's offsets are to go; one of these is given. */
final class OffsetTarget {

    @Option(names = "--to-earliest", required = true, description = "To the oldest record.")
    private boolean isEarliest;

    @Option(names = "--to-latest", required = true, description = "After the newest record.")
    private boolean isLatest;

    @Option(names = "--to-offset", required = true, paramLabel = "OFFSET", description = "To this offset.")
    private @Nullable Long offset;

    @Option(
            names = "--shift-by",
            required = true,
            paramLabel = "COUNT",
            description = "So many records on, or back if negative.")
    private @Nullable Long shift;

    @Option(
            names = "--to-datetime",
            required = true,
            paramLabel = "TIME",
            description = "To the first record of this time or later, such as 2030-01-31T12:00:00Z.")
    private @Nullable String time;

    @Option(
            names = "--by-duration",
            required = true,
            paramLabel = "DURATION",
            description = "To the first record that is not older than this, such as PT1H30M.")
    private @Nullable String age;

    /** Where to look for the new offset, given what was committed; null if that is needed and nothing was. */
    @Nullable StartPosition position(@Nullable Long committed, Instant now) {
        if (isEarliest) {
            return StartPosition.BEGINNING;
        }
        if (isLatest) {
            return StartPosition.END;
        }
        if (offset != null) {
            return StartPosition.offset(offset);
        }
        if (shift != null) {
            return committed == null ? null : StartPosition.offset(committed + shift);
        }
        return StartPosition.timestamp(time(now).toEpochMilli());
    }

    private Instant time(Instant now) {
        try {
            return time != null ? Instant.parse(time) : now.minus(Duration.parse(String.valueOf(age)));
        } catch (DateTimeException e) {
            var given = time != null ? time : age;
            throw new CommandException(
                    ExitCode.USAGE,
                    given + " cannot be read as " + (time != null ? "a time" : "a duration"),
                    "Write a time as 2030-01-31T12:00:00Z and a duration as PT1H30M.",
                    e);
        }
    }
}
