package io.thalweg.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PendingCommitsTest {

    private final PendingCommits commits = new PendingCommits();

    @Test
    void withoutACommitThereIsNoAge() {
        assertThat(commits.ageNanos(1_000)).isZero();

        commits.ended(commits.began(10));

        assertThat(commits.ageNanos(1_000)).isZero();
    }

    @Test
    void theAgeIsThatOfTheOldest() {
        var first = commits.began(10);
        var second = commits.began(20);

        assertThat(commits.ageNanos(50)).isEqualTo(40);
        assertThat(commits.ended(first)).isEqualTo(10);
        assertThat(commits.ageNanos(50)).isEqualTo(30);
        assertThat(commits.ended(second)).isEqualTo(20);
        assertThat(commits.ageNanos(50)).isZero();
    }

    @Test
    void theyEndInAnyOrderHoweverManyThereAre() {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var model = new TreeMap<Long, Long>();
        for (var now = 1L; now <= 20_000; now++) {
            if (model.isEmpty() || random.nextInt(100) < (now / 5_000 % 2 == 0 ? 60 : 40)) {
                model.put(commits.began(now), now);
            } else {
                var number = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
                assertThat(commits.ended(number))
                        .as("seed %s, time %s", seed, now)
                        .isEqualTo(model.remove(number));
            }
            var expected = model.isEmpty() ? 0 : now - model.firstEntry().getValue();
            assertThat(commits.ageNanos(now)).as("seed %s, time %s", seed, now).isEqualTo(expected);
        }
    }
}
