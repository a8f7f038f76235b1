package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.StartPosition;
import org.junit.jupiter.api.Test;

final class StartOptionTest {

    private static StartPosition read(String text) {
        return new StartOption().convert(text);
    }

    @Test
    void readsWordsOffsetsAndTimes() {
        assertThat(read("beginning")).isEqualTo(StartPosition.BEGINNING);
        assertThat(read("END")).isEqualTo(StartPosition.END);
        assertThat(read("offset:42")).isEqualTo(StartPosition.offset(42));
        assertThat(read("978307200000")).isEqualTo(StartPosition.timestamp(978_307_200_000L));
        assertThat(read("2001-01-01")).isEqualTo(StartPosition.timestamp(978_307_200_000L));
        assertThat(read("2001-01-01T00:00:01Z")).isEqualTo(StartPosition.timestamp(978_307_201_000L));
    }
}
