package io.thalweg.integration.life;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds at a moment.
 *
 * @param descriptors what the open descriptors are of; empty where the system does not tell
 * @param nettyBytes direct memory that Netty holds, in use or kept for use
 * @param jvmBytes direct and mapped memory that the JVM counts
 */
record Holdings(List<String> brokerThreads, List<String> descriptors, long nettyBytes, long jvmBytes) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Holdings now() {
        var threads = threads();
        // Before the collector closes files that were forgotten...
        var descriptors = descriptorsOpen();
        // ... but after it has given back buffers that nobody uses any more, as is its task.
        System.gc();
        return new Holdings(threads, descriptors, netty(), jvm());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("thalweg"))
                .sorted()
                .toList();
    }

    private static List<String> descriptorsOpen() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return List.of();
        }
        try (var entries = Files.list(DESCRIPTORS)) {
            return entries.flatMap(Holdings::target).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(DESCRIPTORS + " cannot be listed", e);
        }
    }

    private static Stream<String> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            // Closed since it was listed.
            return Stream.empty();
        }
    }

    private static long netty() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static long jvm() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
