package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.Endpoint;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsEndpointTest {

    private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

    private final MetricsEndpoint endpoint = MetricsEndpoint.open(ANY_PORT);

    @AfterEach
    void close() {
        endpoint.close();
    }

    @Test
    void showsWhatIsInTheRegistryInPrometheusFormat() throws IOException {
        endpoint.registry().counter("thalweg.tested", "by", "hand").increment(3);

        var answer = ask("GET", endpoint.url());

        assertThat(answer.getResponseCode()).isEqualTo(200);
        assertThat(answer.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(body(answer)).contains("thalweg_tested_total{by=\"hand\"} 3.0\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jvm_memory_used_bytes",
                "jvm_buffer_memory_used_bytes{id=\"direct\"}",
                "jvm_gc_max_data_size_bytes",
                "jvm_threads_live_threads",
                "jvm_classes_loaded_classes",
                "process_uptime_seconds"
            })
    void showsTheJvm(String meter) throws IOException {
        assertThat(body(ask("GET", endpoint.url()))).contains("\n" + meter);
    }

    @Test
    void isNowhereElseAndChangesNothing() throws IOException {
        assertThat(ask("GET", endpoint.url() + "/more").getResponseCode()).isEqualTo(404);
        assertThat(ask("GET", endpoint.url() + "more").getResponseCode()).isEqualTo(404);
        assertThat(ask("DELETE", endpoint.url()).getResponseCode()).isEqualTo(405);
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        var taken = URI.create(endpoint.url());

        assertThatThrownBy(() -> MetricsEndpoint.open(new Endpoint(taken.getHost(), taken.getPort())))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(taken.getAuthority());
    }

    @Test
    void answersNothingOnceItIsClosed() {
        endpoint.close();

        assertThatThrownBy(() -> ask("GET", endpoint.url()).getResponseCode()).isInstanceOf(IOException.class);
    }

    private static HttpURLConnection ask(String method, String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        connection.setRequestMethod(method);
        return connection;
    }

    private static String body(HttpURLConnection answer) throws IOException {
        try (var stream = answer.getInputStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
