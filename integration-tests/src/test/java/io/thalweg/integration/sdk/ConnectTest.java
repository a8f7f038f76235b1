package io.thalweg.integration.sdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Thalweg;
import org.junit.jupiter.api.Test;

final class ConnectTest {

    @Test
    void whatTheTransportDoesNotTakeIsRefused() {
        var encrypted = ClientConfig.builder("127.0.0.1:9092")
                .transport("security.protocol", "SSL")
                .build();
        var unknown = ClientConfig.builder("127.0.0.1:9092")
                .transport("ssl.what", "x")
                .build();

        assertThatThrownBy(() -> Thalweg.connect(encrypted))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("security.protocol=SSL");
        assertThatThrownBy(() -> Thalweg.connect(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ssl.what");
    }
}
