package io.thalweg.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a Linux process has used so far (proc(5)).
 *
 * @param userSeconds CPU time of all threads in the program
 * @param systemSeconds CPU time of all threads in the kernel
 * @param residentBytes memory that is in RAM now
 */
record Usage(double userSeconds, double systemSeconds, long residentBytes) {

    /** USER_HZ: the kernel counts CPU time for processes in hundredths of a second on every architecture Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_FIELD = 11;
    private static final int SYSTEM_FIELD = 12;

    static Usage of(ProcessHandle process) {
        var directory = Path.of("/proc", Long.toString(process.pid()));
        try {
            var stat = Files.readString(directory.resolve("stat"));
            // The name before the last bracket may hold spaces.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var resident = Files.readAllLines(directory.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
            return new Usage(
                    Long.parseLong(fields[USER_FIELD]) / TICKS_PER_SECOND,
                    Long.parseLong(fields[SYSTEM_FIELD]) / TICKS_PER_SECOND,
                    resident);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was used since an earlier look; memory as it is now. */
    Usage since(Usage earlier) {
        return new Usage(userSeconds - earlier.userSeconds, systemSeconds - earlier.systemSeconds, residentBytes);
    }

    /** What two processes have used together. */
    Usage plus(Usage other) {
        return new Usage(
                userSeconds + other.userSeconds,
                systemSeconds + other.systemSeconds,
                residentBytes + other.residentBytes);
    }

    double cpuSeconds() {
        return userSeconds + systemSeconds;
    }
}
