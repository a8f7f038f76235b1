package io.thalweg.storage.file;

import static io.thalweg.storage.file.Fixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Commits are answered in the order of the calls, stepped by hand. */
final class CommitOrderTest {

    private static final Path DIRECTORY = Path.of("/disk");

    private final SeededRuntime runtime = new SeededRuntime(new Random(1));
    private final PowerLossDisk disk = new PowerLossDisk(Integer.MAX_VALUE);
    private final Fixture fixture = new Fixture(DIRECTORY, disk, SMALL, runtime);
    private final List<String> told = new ArrayList<>();

    private void commit(String name, Runnable then) {
        fixture.engine.commit(List.of(fixture.log)).whenComplete((done, error) -> {
            told.add(error == null ? name : name + " failed");
            then.run();
        });
    }

    private void commit(String name) {
        commit(name, () -> {});
    }

    private void runAll() {
        while (runtime.runOne()) {
            // Until nothing waits.
        }
    }

    @Test
    void oneSyncAnswersInTheOrderOfTheCalls() {
        fixture.append(0, 1);

        commit("first");
        commit("second");
        commit("third");
        runAll();

        assertThat(told).containsExactly("first", "second", "third");
    }

    @Test
    void commitOfWhatIsDurableAlreadyWaitsForThoseWhoAreToldOfIt() {
        fixture.append(0, 1);

        commit("first", () -> commit("third"));
        commit("second");
        runAll();

        assertThat(told).containsExactly("first", "second", "third");
    }

    @Test
    void commitIsAnsweredAtOnceWhenNothingIsToBeDone() {
        fixture.append(0, 1);
        commit("first");
        runAll();

        commit("second");

        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void failureOfTheDirectoryKeepsTheOrder() {
        fixture.append(0, 1);
        commit("first", () -> fixture.append(1, 2));
        runAll();
        commit("second");
        disk.stopAfter(0);
        runAll();

        commit("third");
        runAll();

        assertThat(told).containsExactly("first", "second failed", "third failed");
    }

    @Test
    void logThatLeavesDurabilityToTheSystemWaitsForNoSync() {
        fixture.engine.configure(Fixture.ID, SMALL.withDurability(Durability.OS));
        fixture.append(0, 25);

        commit("first");

        assertThat(told).containsExactly("first");
    }

    @Test
    void closeWithoutDurabilityFailsTheCommit() {
        fixture.append(0, 25);
        runAll();
        fixture.append(25, 26);
        disk.stopAfter(0);
        fixture.log.close();
        var commit = fixture.engine.commit(List.of(fixture.log));

        assertThatThrownBy(() -> fixture.finish(commit)).isInstanceOf(StorageException.Offline.class);
    }
}
