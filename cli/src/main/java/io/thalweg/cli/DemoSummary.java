package io.thalweg.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what the demo did. */
final class DemoSummary {

    private static final int MAX_DIFFERENCES = 10;

    private final DemoPlan plan;
    private final DemoResult result;

    DemoSummary(DemoPlan plan, DemoResult result) {
        this.plan = plan;
        this.result = result;
    }

    void print(PrintWriter out) {
        var seconds = Math.max(1, result.streamNanos()) / 1e9;
        out.println();
        line(out, "data      %s", plan.origin());
        line(out, "file      %s, streamed %s", plan.file(), plan.repeat() == 1 ? "once" : plan.repeat() + " times");
        line(out, "records   %,d written, %,d read back (%,.1f MB)", result.records(), result.readCount(), megabytes());
        line(
                out,
                "keys      %,d by field %s, over %d partitions",
                result.keysCount(),
                plan.keyField(),
                plan.partitions());
        line(
                out,
                "speed     %,.0f records/s, %,.1f MB/s, written and read in %.2f s; started in %d ms",
                result.records() / seconds,
                megabytes() / seconds,
                seconds,
                result.startMillis());
        latency(out, "produce ", result.produced(), "sent to acknowledged, on disk");
        latency(out, "end2end ", result.endToEnd(), "sent to read");
        failover(out, result.kill());
        out.println();
        verdict(out);
    }

    private void failover(PrintWriter out, @Nullable DemoKill kill) {
        if (kill != null) {
            line(
                    out,
                    "failover  broker %d, which led %d of %d partitions, was killed half-way; no record waited longer than"
                            + " %.2f s",
                    kill.brokerId(),
                    kill.ledCount(),
                    plan.partitions(),
                    result.produced().maxNanos() / 1e9);
        }
    }

    private double megabytes() {
        return result.bytes() / 1e6;
    }

    private static void latency(PrintWriter out, String name, LatencyHistogram latencies, String what) {
        line(
                out,
                "%s  p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, max %.2f ms (%s)",
                name,
                millis(latencies.nanosAt(0.5)),
                millis(latencies.nanosAt(0.95)),
                millis(latencies.nanosAt(0.99)),
                millis(latencies.maxNanos()),
                what);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private void verdict(PrintWriter out) {
        if (result.isGood()) {
            line(out, "OK: all %,d keys have every record, in the order it was written", result.keysCount());
            return;
        }
        line(
                out,
                "FAILED: %,d of %,d keys differ, %,d gaps in the offsets",
                result.differences().size(),
                result.keysCount(),
                result.gaps());
        result.differences().entrySet().stream()
                .limit(MAX_DIFFERENCES)
                .forEach(entry -> line(out, "  key %s: %s", entry.getKey(), entry.getValue()));
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
