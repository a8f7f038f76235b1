package io.thalweg.cli;

import io.thalweg.api.StartPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code beginning}, {@code end}, {@code offset:N}, or a time: an instant, a date (midnight UTC) or epoch milliseconds. */
final class StartOption implements ITypeConverter<StartPosition> {

    @Override
    public StartPosition convert(String text) {
        var word = text.toLowerCase(Locale.ROOT);
        if (word.equals("beginning")) {
            return StartPosition.BEGINNING;
        }
        if (word.equals("end")) {
            return StartPosition.END;
        }
        try {
            return word.startsWith("offset:")
                    ? StartPosition.offset(Long.parseUnsignedLong(word.substring("offset:".length())))
                    : StartPosition.timestamp(millis(text));
        } catch (NumberFormatException | DateTimeException e) {
            var refusal = new TypeConversionException(
                    "start " + text + ": expected beginning, end, offset:N, or a time such as 2001-01-31T08:00:00Z");
            refusal.initCause(e);
            throw refusal;
        }
    }

    private static long millis(String text) {
        if (text.chars().allMatch(Character::isDigit)) {
            return Long.parseLong(text);
        }
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli()
                : Instant.parse(text).toEpochMilli();
    }
}
