package io.thalweg.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README and the API's Javadoc show as Java is what the samples do: their blocks are marked parts of the samples. */
final class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MARKED = Pattern.compile("// README: [a-z-]+\n(.*?)\n *// end", Pattern.DOTALL);

    private static final Pattern SNIPPET = Pattern.compile("<pre>\\{@code\n(.*?)\n}</pre>", Pattern.DOTALL);
    private static final Pattern JAVADOC_MARGIN = Pattern.compile("^ *\\* ?", Pattern.MULTILINE);

    @Test
    void blocksAreTheMarkedPartsOfTheSamples() throws IOException {
        var blocks = found(BLOCK, Files.readString(Path.of("..", "README.md")));

        assertThat(blocks).isNotEmpty().containsExactlyInAnyOrderElementsOf(marked());
    }

    @Test
    void snippetsOfTheApiAreMarkedPartsOfTheSamples() throws IOException {
        var snippets = sources(Path.of("..", "api", "src", "main", "java")).stream()
                .map(source -> JAVADOC_MARGIN.matcher(source).replaceAll(""))
                .flatMap(source -> found(SNIPPET, source).stream())
                .toList();

        assertThat(snippets).hasSizeGreaterThanOrEqualTo(3);
        assertThat(marked()).containsAll(snippets);
    }

    private static List<String> marked() throws IOException {
        return sources(Path.of("src")).stream()
                .flatMap(source -> found(MARKED, source).stream())
                .toList();
    }

    private static List<String> sources(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(".java") && !path.endsWith("ReadmeTest.java"))
                    .map(ReadmeTest::read)
                    .toList();
        }
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
