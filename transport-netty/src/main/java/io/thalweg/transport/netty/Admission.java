package io.thalweg.transport.netty;

import io.thalweg.spi.transport.TransportLimits;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the connections of a listener, in all and by address, and refuses those beyond the limits. Any thread. */
final class Admission {

    private final TransportLimits limits;
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> countByAddress = new ConcurrentHashMap<>();
    private final AtomicLong refusedCount = new AtomicLong();

    Admission(TransportLimits limits) {
        this.limits = limits;
    }

    /** Counts a connection in, or as refused. */
    boolean admits(InetAddress address) {
        var inAll = count.incrementAndGet();
        var fromAddress = countByAddress.merge(address, 1, Integer::sum);
        if (inAll <= limits.maxConnections() && fromAddress <= limits.maxConnectionsPerAddress()) {
            return true;
        }
        left(address);
        refusedCount.incrementAndGet();
        return false;
    }

    /** A connection that was admitted is closed. */
    void left(InetAddress address) {
        count.decrementAndGet();
        countByAddress.computeIfPresent(address, (same, fromAddress) -> fromAddress == 1 ? null : fromAddress - 1);
    }

    int count() {
        return count.get();
    }

    long refusedCount() {
        return refusedCount.get();
    }
}
