package io.thalweg.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.thalweg.spi.transport.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A registry of meters and the HTTP server that shows it to Prometheus, on threads of its own. Only a server that is told to listen
 * for Prometheus loads it.
 */
final class MetricsEndpoint implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Whoever takes longer to ask or to listen is cut off, so that nobody can keep the threads. */
    private static final String EXCHANGE_LIMIT_SECONDS = "10";

    private static final int MAX_THREADS = 2;
    private static final int MAX_WAITING = 16;

    private final PrometheusMeterRegistry registry;
    private final JvmMeters jvm;
    private final HttpServer server;
    private final String url;
    private final ThreadPoolExecutor threads;

    private MetricsEndpoint(HttpServer server) {
        this.server = server;
        this.url = urlOf(server.getAddress());
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        this.jvm = new JvmMeters(registry);
        this.threads = new ThreadPoolExecutor(
                MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    var thread = new Thread(task, "thalweg-metrics");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Binds and begins to answer. */
    static MetricsEndpoint open(Endpoint where) {
        var endpoint = new MetricsEndpoint(bind(where));
        endpoint.jvm.begin();
        endpoint.server.setExecutor(endpoint.threads);
        endpoint.server.createContext("/", endpoint::answer);
        endpoint.server.start();
        return endpoint;
    }

    private static HttpServer bind(Endpoint endpoint) {
        System.setProperty("sun.net.httpserver.maxReqTime", EXCHANGE_LIMIT_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", EXCHANGE_LIMIT_SECONDS);
        try {
            return HttpServer.create(new InetSocketAddress(endpoint.host(), endpoint.port()), MAX_WAITING);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "meters cannot be shown on " + endpoint + ": " + e.getMessage(),
                    "Choose another address for metrics.listen.",
                    e);
        }
    }

    /** What the broker reports to. */
    MeterRegistry registry() {
        return registry;
    }

    /** What Prometheus has to be told. */
    String url() {
        return url;
    }

    private static String urlOf(InetSocketAddress bound) {
        return "http://" + new Endpoint(bound.getAddress().getHostAddress(), bound.getPort()) + PATH;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                send(exchange, 404, "the meters are at " + PATH + "\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, 405, "expected GET\n");
            } else {
                send(exchange, 200, registry.scrape(TEXT));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops answering at once; idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        jvm.close();
        registry.close();
    }
}
