package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.TransportContext;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
final class SocketsTest {

    @Test
    void epollIsTakenOnLinux() {
        try (var transport = NettyTransport.open(new TransportContext("sockets", 1))) {

            assertThat(transport.socketsName()).isEqualTo("epoll");
        }
    }

    @Test
    void epollIsTakenFromTheModulePathByALauncherThatNamesItsModule() throws Exception {
        var module = "io.netty.transport.epoll.linux." + nettyArchitecture();

        assertThat(probe(List.of("--add-modules", module))).endsWith("epoll");
        assertThat(probe(List.of())).endsWith("NIO");
    }

    /** Which sockets a JVM chooses that has everything on the module path. */
    private static String probe(List<String> options) throws Exception {
        var name = "io.thalweg.transport.netty";
        var classes = Path.of("target", "classes").toString();
        var command = Stream.of(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        Stream.of("-p", classes + File.pathSeparator + jars()),
                        Stream.of("--patch-module", name + "=" + Path.of("target", "test-classes")),
                        options.stream(),
                        Stream.of("-m", name + "/" + name + ".SocketsProbe"))
                .flatMap(words -> words)
                .toList();
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output.strip();
    }

    private static String jars() {
        return Stream.of("jdk.module.path", "java.class.path")
                .flatMap(property -> Stream.of(System.getProperty(property, "").split(File.pathSeparator)))
                .filter(entry -> (entry.contains("netty-") && entry.endsWith(".jar"))
                        || entry.contains("slf4j-api")
                        || entry.contains("thalweg-spi")
                        || entry.contains(Path.of("spi", "target", "classes").toString()))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String nettyArchitecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    }
}
