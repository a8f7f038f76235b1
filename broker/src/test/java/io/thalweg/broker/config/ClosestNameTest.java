package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosestNameTest {

    @Test
    void countsInsertionsDeletionsReplacementsAndSwaps() {
        assertThat(ClosestName.distance("", "abc")).isEqualTo(3);
        assertThat(ClosestName.distance("retention", "retention")).isZero();
        assertThat(ClosestName.distance("retenton", "retention")).isEqualTo(1);
        assertThat(ClosestName.distance("rettention", "retention")).isEqualTo(1);
        assertThat(ClosestName.distance("retentian", "retention")).isEqualTo(1);
        assertThat(ClosestName.distance("retetnion", "retention")).isEqualTo(1);
    }

    @Test
    void whatIsFarFromAllIsNotGuessedAt() {
        assertThat(ClosestName.to("foo.bar", List.of("log.dir", "node.id"))).isEmpty();
        assertThat(ClosestName.to("id", List.of("log.dir", "node.id"))).contains("node.id");
    }

    @Test
    void picksTheClosest() {
        assertThat(ClosestName.to("segment.byte", List.of("segment.ms", "segment.bytes", "retention.bytes")))
                .contains("segment.bytes");
        assertThat(ClosestName.to("log.dirz", List.of("log.dir", "log.dirs"))).contains("log.dirs");
        assertThat(ClosestName.to("segment.byte", List.of())).isEmpty();
    }
}
