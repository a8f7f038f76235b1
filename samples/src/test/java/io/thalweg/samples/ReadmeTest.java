package io.thalweg.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows as Java is what the samples do: its blocks and the marked parts of the samples are the same. */
final class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MARKED = Pattern.compile("// README: [a-z-]+\n(.*?)\n *// end", Pattern.DOTALL);

    @Test
    void blocksAreTheMarkedPartsOfTheSamples() throws IOException {
        var blocks = found(BLOCK, Files.readString(Path.of("..", "README.md")));
        var marked = new ArrayList<String>();
        try (var sources = Files.walk(Path.of("src"))) {
            sources.filter(path -> path.toString().endsWith(".java") && !path.endsWith("ReadmeTest.java"))
                    .forEach(path -> marked.addAll(found(MARKED, read(path))));
        }

        assertThat(blocks).isNotEmpty().containsExactlyInAnyOrderElementsOf(marked);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1).stripIndent().strip())
                .toList();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
