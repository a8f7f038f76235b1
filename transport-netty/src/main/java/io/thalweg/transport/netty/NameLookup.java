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

    private final Resolver resolver;
    private final ThreadPoolExecutor worker;

    NameLookup(String name) {
        this(name, InetAddress::getAllByName);
    }

    NameLookup(String name, Resolver resolver) {
        this.resolver = resolver;
        this.worker = new ThreadPoolExecutor(
                1,
                1,
                KEEP_ALIVE_MILLIS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory(name + "-names", true));
        worker.allowCoreThreadTimeOut(true);
    }

    /** What knows the addresses of hosts; it may block. */
    interface Resolver {

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The addresses of the endpoint, at least one, in the order to try them. */
    CompletableFuture<List<InetSocketAddress>> addresses(Endpoint endpoint) {
        var literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal != null) {
            return new Question(endpoint, host -> new InetAddress[] {InetAddress.getByAddress(literal)}).answered();
        }
        var question = new Question(endpoint, resolver);
        try {
            worker.execute(question);
        } catch (RejectedExecutionException e) {
            question.fail(e);
        }
        return question.found();
    }

    @Override
    public void close() {
        for (var unanswered : worker.shutdownNow()) {
            ((Question) unanswered).fail(new RejectedExecutionException("names are looked up no more"));
        }
    }

    /** One look-up. */
    private record Question(Endpoint endpoint, Resolver resolver, CompletableFuture<List<InetSocketAddress>> found)
            implements Runnable {

        Question(Endpoint endpoint, Resolver resolver) {
            this(endpoint, resolver, new CompletableFuture<>());
        }

        CompletableFuture<List<InetSocketAddress>> answered() {
            run();
            return found;
        }

        @Override
        public void run() {
            try {
                found.complete(Stream.of(resolver.addresses(endpoint.host()))
                        .map(address -> new InetSocketAddress(address, endpoint.port()))
                        .toList());
            } catch (UnknownHostException | RuntimeException e) {
                fail(e);
            }
        }

        void fail(Exception reason) {
            found.completeExceptionally(reason);
        }
    }
}
