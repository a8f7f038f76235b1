package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryDownloadTest {

    /** Answers one request; completes with its first line. */
    private static CompletableFuture<String> answerOnce(ServerSocket server, String status, String body) {
        var requestLine = new CompletableFuture<String>();
        var thread = new Thread(
                () -> {
                    try (var socket = server.accept();
                            var in = new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                        requestLine.complete(in.readLine());
                        var head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length()
                                + "\r\nConnection: close\r\n\r\n";
                        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        requestLine.completeExceptionally(e);
                    }
                },
                "test-registry");
        thread.setDaemon(true);
        thread.start();
        return requestLine;
    }

    private static RegistryDownload registryAt(ServerSocket server, Path home) {
        var address = "http://127.0.0.1:" + server.getLocalPort() + "/npm/";
        return new RegistryDownload(Map.of("npm_config_registry", address), home);
    }

    @Test
    void archiveIsTakenFromTheConfiguredRegistry(@TempDir Path directory) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var request = answerOnce(server, "200 OK", "the archive");

            var archive = registryAt(server, directory).fetch("small-data", "1.0.0", directory);

            assertThat(request.get()).isEqualTo("GET /npm/small-data/-/small-data-1.0.0.tgz HTTP/1.1");
            assertThat(archive).hasContent("the archive");
        }
    }

    @Test
    void refusalNamesTheAddressAndTheStatus(@TempDir Path directory) throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var unused = answerOnce(server, "404 Not Found", "");

            assertThatThrownBy(() -> registryAt(server, directory).fetch("small-data", "1.0.0", directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("small-data-1.0.0.tgz answered 404");
        }
    }

    @Test
    void environmentComesBeforeTheUsersNpmrc(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve(".npmrc"), "fund=false\nregistry = http://mirror.example/npm/\n");

        assertThat(new RegistryDownload(Map.of(), home).registry()).isEqualTo("http://mirror.example/npm");
        assertThat(new RegistryDownload(Map.of("NPM_CONFIG_REGISTRY", "http://other.example"), home).registry())
                .isEqualTo("http://other.example");
    }
}
