package io.thalweg.memory.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.thalweg.memory.storage.BrokenStorage.Fault;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The TCK tells an engine that breaks one promise from one that keeps them all. */
final class BrokenStorageTest {

    /** The fault of the engine that is under test now; the launcher runs its tests one after the other. */
    private static final AtomicReference<@Nullable Fault> FAULT = new AtomicReference<>();

    /** Run by the launcher only: its name does not end as those of tests do. */
    static final class Suite extends StorageContract {

        @Override
        protected StorageProvider provider(Path directory) {
            return new BrokenStorage(FAULT.get());
        }

        @Override
        protected Set<StorageAbility> abilities() {
            return EnumSet.of(StorageAbility.SEGMENTS);
        }
    }

    /** Without the suites that run long; those with one promise a test come before them. */
    private static long failures(@Nullable Fault fault) {
        var summary = run(fault, id -> !id.contains("Concurrency") && !id.contains("Model"));
        assertThat(summary.getTestsFoundCount()).isGreaterThan(90);
        return summary.getTestsFailedCount();
    }

    private static TestExecutionSummary run(@Nullable Fault fault, Predicate<String> tests) {
        FAULT.set(fault);
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(Suite.class))
                .filters((PostDiscoveryFilter) test ->
                        FilterResult.includedIf(tests.test(test.getUniqueId().toString())))
                .build();
        var summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary();
    }

    @ParameterizedTest
    @EnumSource
    void theSuiteFailsForEachFault(Fault fault) {
        assertThat(failures(fault)).isPositive();
    }

    @Test
    void randomOperationsThatFailAreReducedToThoseThatItTakes() {
        var summary = run(Fault.TRUNCATION_KEEPS_A_BATCH, id -> id.contains("logDoesAsTheModelDoes()"));

        assertThat(summary.getFailures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getException())
                        .hasMessageMatching("(?s)seed 1 fails with [1-9] operations, .*truncateTo.*"));
    }

    @Test
    void theSuitePassesWithoutOne() {
        assertThat(failures(null)).isZero();
    }
}
