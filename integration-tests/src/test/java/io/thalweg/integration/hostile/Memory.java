package io.thalweg.integration.hostile;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;

/** What the brokers of this JVM take. */
final class Memory {

    /** More than Netty keeps for use, and far less than each test would take if it took what clients want it to. */
    static final long BOUND_BYTES = 64L << 20;

    private Memory() {}

    /** Bytes of direct memory that Netty holds, in use or kept for use. */
    static long nettyBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** Bytes of heap that the event loops of brokers have ever allocated. */
    static long heapBytesOfEventLoops() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("-network"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }
}
