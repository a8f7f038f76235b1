package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ClassesAheadTest {

    /** A renamed class is not loaded ahead any more; {@code cli/write-start-classes} puts that right. */
    @Test
    void everyClassOfOursThatIsNamedExists() throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(ClassesAhead.names(), StandardCharsets.US_ASCII))) {
            var ours =
                    lines.lines().filter(name -> name.startsWith("io.thalweg.")).toList();

            assertThat(ours)
                    .hasSizeGreaterThan(300)
                    .allSatisfy(name -> assertThatCode(
                                    () -> Class.forName(name, false, ClassesAhead.class.getClassLoader()))
                            .doesNotThrowAnyException());
        }
    }
}
