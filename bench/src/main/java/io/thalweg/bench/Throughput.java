package io.thalweg.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a load that is all about bytes reports. */
final class Throughput {

    private Throughput() {}

    /** Runs the work and relates what it took, and what the server used meanwhile, to what was moved. */
    static Map<String, Double> of(Target server, int records, int sizeInBytes, Runnable work) {
        var before = server.usage();
        var beginNanos = System.nanoTime();
        work.run();
        var seconds = (System.nanoTime() - beginNanos) / 1e9;
        var used = server.usage().since(before);

        var gigabytes = (double) records * sizeInBytes / 1e9;
        var measured = new LinkedHashMap<String, Double>();
        measured.put("records/s", records / seconds);
        measured.put("MB/s", gigabytes * 1000 / seconds);
        measured.put("CPU s/GB", used.cpuSeconds() / gigabytes);
        measured.put("user s/GB", used.userSeconds() / gigabytes);
        measured.put("RSS MB", used.residentBytes() / 1e6);
        return measured;
    }
}
