package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PropertiesTextTest {

    @Test
    void knowsTheLineOfEachSetting() {
        var text = "# first\n\na=1\nlist=x,\\\n   y,\\\n   z\n! not \\\nb : 2 \\u0041\n";

        var entries = entries(text, new ArrayList<>());

        assertThat(entries)
                .containsExactly(
                        new PropertiesText.Entry(3, "a", "1"),
                        new PropertiesText.Entry(4, "list", "x,y,z"),
                        new PropertiesText.Entry(8, "b", "2 A"));
    }

    @Test
    void reportsALineThatIsNoSetting() {
        var malformed = new ArrayList<Integer>();

        var entries = entries("a=1\nb=\\u00zz\nc=3\n", malformed);

        assertThat(entries).extracting(PropertiesText.Entry::name).containsExactly("a", "c");
        assertThat(malformed).containsExactly(2);
    }

    @Test
    void readsAnyTextLikeJavaDoes() throws IOException {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++) {
            var text = randomText(random);
            var expected = new Properties();
            expected.load(new StringReader(text));
            // A setting without a name is refused whatever its value, and Java keeps only one of several.
            expected.remove("");

            var actual = new Properties();
            entries(text, new ArrayList<>()).forEach(entry -> actual.setProperty(entry.name(), entry.value()));

            actual.remove("");
            assertThat(actual).as("seed %d, text <%s>", seed, text).isEqualTo(expected);
        }
    }

    private static String randomText(Random random) {
        var parts = List.of("a", "b", "=", ":", " ", "\\", "\n", "\r\n", "\r", "#", "!", "\t", "\\t", "\f", "\\u0041");
        var text = new StringBuilder();
        for (var length = random.nextInt(14); length > 0; length--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        // A backslash before u0041 would leave a broken escape behind.
        return text.toString().replace("\\\\u", "\\\\v");
    }

    private static List<PropertiesText.Entry> entries(String text, List<Integer> malformed) {
        var entries = new ArrayList<PropertiesText.Entry>();
        PropertiesText.read(text, entries::add, malformed::add);
        return entries;
    }
}
