package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;
import java.util.List;

/**
 * A server's settings, checked.
 *
 * @param values what was set
 * @param withoutEffect one sentence for each setting that is known and has no effect, to be logged once
 */
public record LoadedConfig(ConfigValues values, List<String> withoutEffect) {

    public LoadedConfig {
        withoutEffect = List.copyOf(withoutEffect);
    }
}
