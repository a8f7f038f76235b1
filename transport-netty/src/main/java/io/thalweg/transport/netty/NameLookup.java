package io.thalweg.transport.netty;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.thalweg.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the addresses of hosts on a thread of its own, because the JDK's look-up blocks; the thread ends when it is not needed. */
final class NameLookup implements AutoCloseable {

    private static final int MAX_WAITING = 1_000;
    private static final long KEEP_ALIVE_MILLIS = 1_000;

    private final ThreadPoolExecutor worker;

    NameLookup(String name) {
        worker = new ThreadPoolExecutor(
                1,
                1,
                KEEP_ALIVE_MILLIS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory(name + "-names", true));
        worker.allowCoreThreadTimeOut(true);
    }

    /** The addresses of the endpoint, at least one, in the order to try them. */
    CompletableFuture<List<InetSocketAddress>> addresses(Endpoint endpoint) {
        var found = new CompletableFuture<List<InetSocketAddress>>();
        var literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal != null) {
            lookUp(endpoint, () -> new InetAddress[] {InetAddress.getByAddress(literal)}, found);
            return found;
        }
        try {
            worker.execute(() -> lookUp(endpoint, () -> InetAddress.getAllByName(endpoint.host()), found));
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(e);
        }
        return found;
    }

    private static void lookUp(Endpoint endpoint, Lookup lookup, CompletableFuture<List<InetSocketAddress>> found) {
        try {
            found.complete(Stream.of(lookup.addresses())
                    .map(address -> new InetSocketAddress(address, endpoint.port()))
                    .toList());
        } catch (UnknownHostException | RuntimeException e) {
            found.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    /** One way to find addresses. */
    private interface Lookup {

        InetAddress[] addresses() throws UnknownHostException;
    }
}
