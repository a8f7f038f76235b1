package io.thalweg.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.NoEffectWarnings;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class IdleSettingsTest {

    private final List<String> log = new ArrayList<>();
    private final IdleSettings settings =
            new IdleSettings(ConfigCatalog.ofBroker(List.of()), new NoEffectWarnings(log::add));
    private MetadataImage image = MetadataImage.EMPTY;

    @Test
    void whatHasNoEffectIsSaidOnceWhereverItIsSet() {
        set(ConfigResource.ofTopic("orders"), Map.of("remote.log.copy.disable", "true", "retention.ms", "1"));
        set(ConfigResource.ofTopic("orders"), Map.of("remote.log.copy.disable", "false"));
        set(ConfigResource.ofTopic("returns"), Map.of("remote.log.copy.disable", "true"));

        assertThat(log).containsExactly("config remote.log.copy.disable, set for a topic, has no effect");
    }

    @Test
    void brokersAndAllBrokersAreToldApart() {
        set(ConfigResource.ofBroker(1), Map.of("background.threads", "3"));
        set(ConfigResource.BROKER_DEFAULT, Map.of("background.threads", "4"));

        assertThat(log)
                .containsExactly(
                        "config background.threads, set for a broker, has no effect",
                        "config background.threads, set for all brokers, has no effect");
    }

    private void set(ConfigResource resource, Map<String, String> values) {
        var before = image;
        image = before.with(new ConfigImage(resource, new TreeMap<>(values)));
        settings.look(image.since(before));
    }
}
