package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands against a broker. */
final class CommandsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private Broker broker;

    @BeforeEach
    void start(@TempDir Path data) {
        broker = Broker.builder()
                .storage(FileStorage.at(data))
                .listen("127.0.0.1:0")
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private CapturedTerminal run(String input, String... args) {
        var terminal = new CapturedTerminal(input);
        var all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "-b";
        all[args.length + 1] = broker.bootstrap();
        assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(ExitCode.DONE);
        return terminal;
    }

    @Test
    void topicIsCreatedListedDescribedAndDeleted() {
        assertThat(run("", "topic", "create", "flights", "-p", "3").out()).isEqualTo("created flights\n");
        assertThat(run("", "topic", "list").out()).contains("flights           3");
        assertThat(run("", "topic", "describe", "flights").out())
                .contains("topic     flights")
                .contains("PARTITION");
        assertThat(run("", "topic", "delete", "flights").out()).isEqualTo("deleted flights\n");
        assertThat(run("", "topic", "list").out()).doesNotContain("flights");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void linesComeBackWithKeyAndOffset(String compression) {
        run("", "topic", "create", "pairs", "-p", "1");
        run("a:1\nb:2\na:3\n", "produce", "pairs", "--key-separator", ":", "--compression", compression);

        var read = run("", "consume", "pairs", "--from", "beginning", "--until-end", "--format", "%o %k %v");

        assertThat(read.out()).isEqualTo("0 a 1\n1 b 2\n2 a 3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void readingBeginsAtAnOffsetAndStopsAtACount(String acks) {
        run("", "topic", "create", "numbers", "-p", "1");
        // With acks=0 nobody hears that a leader is not there yet: an answer to another request says that it is.
        run("", "consume", "numbers", "--from", "beginning", "--until-end");
        run("zero\none\ntwo\nthree\n", "produce", "numbers", "--acks", acks);
        // With acks=0 nobody has said yet that the records are there: reading all of them waits for that.
        run("", "consume", "numbers", "--from", "beginning", "--max", "4");

        var read = run("", "consume", "numbers", "--from", "offset:1", "--max", "2");

        assertThat(read.out()).isEqualTo("one\ntwo\n");
    }

    @Test
    void partitionThatDoesNotExistIsNamed() {
        run("", "topic", "create", "numbers", "-p", "1");
        var terminal = new CapturedTerminal("");

        var code = terminal.run("consume", "numbers", "-p", "4", "-b", broker.bootstrap());

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("topic numbers has no partition 4: it has 1");
    }

    @Test
    void topicThatDoesNotExistIsNamed() {
        var terminal = new CapturedTerminal("");

        var code = terminal.run("consume", "nothing", "-b", broker.bootstrap());

        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("topic nothing does not exist").contains("thalweg topic list");
    }

    @Test
    void offsetOutOfRangeIsToldWithWhatThereIsToRead() {
        run("", "topic", "create", "numbers", "-p", "1");
        run("zero\none\n", "produce", "numbers");
        var terminal = new CapturedTerminal("");

        var code = terminal.run("consume", "numbers", "--from", "offset:9", "-b", broker.bootstrap());

        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).isEqualTo("""
                        thalweg: offset 9 of numbers-0 is out of range: it holds offsets 0 to 1
                          Begin at one of these, or with --from beginning.
                        """);
    }

    @Test
    void tailOfATopicThatIsDeletedEnds() {
        run("", "topic", "create", "numbers", "-p", "1");
        var terminal = new CapturedTerminal("");
        var tail = CompletableFuture.supplyAsync(
                () -> terminal.run("consume", "numbers", "--from", "beginning", "-b", broker.bootstrap()));
        run("zero\n", "produce", "numbers");
        await().atMost(LIMIT).until(() -> terminal.out().equals("zero\n"));

        run("", "topic", "delete", "numbers");

        assertThat(tail.join()).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("thalweg: topic numbers does not exist, or no longer\n");
    }

    @Test
    void tailSaysThatTheBrokerHasGoneAway() throws Exception {
        run("", "topic", "create", "numbers", "-p", "1");
        run("zero\n", "produce", "numbers");
        var terminal = new CapturedTerminal("");
        var tail =
                new Thread(() -> terminal.run("consume", "numbers", "--from", "beginning", "-b", broker.bootstrap()));
        tail.start();
        await().atMost(LIMIT).until(() -> terminal.out().equals("zero\n"));

        broker.close();

        await().atMost(LIMIT).until(() -> terminal.err().contains("; trying again\n"));
        tail.interrupt();
        tail.join();
    }

    @Test
    void waitForABrokerIsTold() {
        var terminal = new CapturedTerminal("");

        var code = terminal.run("topic", "list", "-b", "127.0.0.1:1", "--timeout", "2");

        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(terminal.err()).startsWith("thalweg: waiting for 127.0.0.1:1, for at most 2 s\n");
    }
}
