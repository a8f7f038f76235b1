package io.thalweg.api;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Which trace a record belongs to: what the headers {@code traceparent} and {@code tracestate} say (W3C Trace Context, version 00).
 * Immutable.
 *
 * <p>Libraries that trace know the current span; {@link #sentWith} takes it from them, {@link #of} gives it to them.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all 0
 * @param parentId of the span that sent the record: 16 hexadecimal digits in lower case, not all 0
 * @param isSampled whether who sent it may have recorded the trace
 * @param state what tracing systems add, {@code name=value} with commas; may be empty
 */
public record TraceContext(String traceId, String parentId, boolean isSampled, String state) {

    /** The header with the ids. */
    public static final String PARENT_HEADER = "traceparent";
    /** The header with the state. */
    public static final String STATE_HEADER = "tracestate";

    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern PARENT_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
    /** Later versions may have more behind the flags, and mean the same by what stands before. */
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int SAMPLED = 1;

    /** Refuses ids that are none with an {@link IllegalArgumentException}. */
    public TraceContext {
        if (!TRACE_ID.matcher(traceId).matches()) {
            throw new IllegalArgumentException(
                    "trace id " + traceId + "; expected 32 hexadecimal digits in lower case, not all 0");
        }
        if (!PARENT_ID.matcher(parentId).matches()) {
            throw new IllegalArgumentException(
                    "parent id " + parentId + "; expected 16 hexadecimal digits in lower case, not all 0");
        }
    }

    /** What the headers say; empty if they say nothing or what is no trace. */
    public static Optional<TraceContext> of(Headers headers) {
        var parent = PARENT.matcher(headers.text(PARENT_HEADER).orElse(""));
        if (!parent.matches() || (parent.group(1).equals("00") && parent.group(5) != null)) {
            return Optional.empty();
        }
        var isSampled = (Integer.parseInt(parent.group(4), 16) & SAMPLED) != 0;
        var state = headers.text(STATE_HEADER).orElse("");
        return TRACE_ID.matcher(parent.group(2)).matches()
                        && PARENT_ID.matcher(parent.group(3)).matches()
                ? Optional.of(new TraceContext(parent.group(2), parent.group(3), isSampled, state))
                : Optional.empty();
    }

    /**
     * Adds the headers of the current trace, where there is one, to records that have none; the supplier is asked by the thread that sends.
     */
    public static ProducerInterceptor sentWith(Supplier<Optional<TraceContext>> current) {
        return new ProducerInterceptor() {
            @Override
            public <K, V> ProducerRecord<K, V> sending(ProducerRecord<K, V> record) {
                return record.headers().last(PARENT_HEADER).isPresent()
                        ? record
                        : current.get().map(trace -> trace.addTo(record)).orElse(record);
            }
        };
    }

    /** The record with this trace in its headers. */
    public <K, V> ProducerRecord<K, V> addTo(ProducerRecord<K, V> record) {
        var traced = record.withHeader(Header.of(PARENT_HEADER, parent()));
        return state.isEmpty() ? traced : traced.withHeader(Header.of(STATE_HEADER, state));
    }

    /** The value of the header with the ids. */
    public String parent() {
        return "00-" + traceId + "-" + parentId + (isSampled ? "-01" : "-00");
    }
}
