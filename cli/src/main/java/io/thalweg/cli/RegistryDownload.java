package io.thalweg.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP from the npm registry, for machines without the npm client.
 *
 * <p>Which registry is decided as npm does: {@code npm_config_registry}, then {@code .npmrc} in the home directory, then npm's public
 * default. A proxy is taken from {@code https_proxy} or {@code http_proxy}.
 */
final class RegistryDownload implements PackageSource {

    private static final String PUBLIC_DEFAULT = "https://registry.npmjs.org";
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Map<String, String> environment;
    private final Path home;

    RegistryDownload(Map<String, String> environment, Path home) {
        this.environment = environment;
        this.home = home;
    }

    @Override
    public String name() {
        return "npm registry";
    }

    @Override
    public Path fetch(String packageName, String version, Path directory) throws IOException {
        var archive = packageName + "-" + version + ".tgz";
        var address = URI.create(registry() + "/" + packageName + "/-/" + archive);
        var connection = (HttpURLConnection) address.toURL().openConnection(proxy(address));
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(address + " answered " + connection.getResponseCode());
            }
            var target = directory.resolve(archive);
            try (var in = connection.getInputStream()) {
                Files.copy(in, target);
            }
            return target;
        } catch (IOException e) {
            var known = String.valueOf(e.getMessage());
            throw known.contains(address.getHost()) ? e : new IOException(address.getHost() + ": " + e, e);
        } finally {
            connection.disconnect();
        }
    }

    String registry() throws IOException {
        var found = environment("npm_config_registry").or(() -> environment("NPM_CONFIG_REGISTRY"));
        var registry = found.isPresent() ? found.get() : fromNpmrc().orElse(PUBLIC_DEFAULT);
        return registry.endsWith("/") ? registry.substring(0, registry.length() - 1) : registry;
    }

    private Optional<String> environment(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private Optional<String> fromNpmrc() throws IOException {
        var file = home.resolve(".npmrc");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return lines.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("registry"))
                    .map(line -> line.substring(line.indexOf('=') + 1).strip())
                    .findFirst();
        }
    }

    private Proxy proxy(URI address) {
        Function<String, Optional<String>> either =
                name -> environment(name).or(() -> environment(name.toUpperCase(java.util.Locale.ROOT)));
        var configured = either.apply(address.getScheme() + "_proxy");
        return configured.map(URI::create).map(RegistryDownload::proxyAt).orElse(Proxy.NO_PROXY);
    }

    private static Proxy proxyAt(URI address) {
        var host = hostOf(address.getHost());
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, address.getPort() < 0 ? 80 : address.getPort()));
    }

    private static String hostOf(@Nullable String host) {
        if (host == null) {
            throw new IllegalArgumentException("the proxy in the environment has no host: expected http://host:port");
        }
        return host;
    }
}
