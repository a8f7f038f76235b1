package io.thalweg.broker.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import org.junit.jupiter.api.Test;

final class FetcherSessionTest {

    private final FetcherSession session =
            new FetcherSession(new FetcherConfig(500, 1, 1 << 20, 1 << 16, 1_000, 1_000));
    private final Followers followers = new Followers();

    @Test
    void theFirstRequestNamesAllAndBeginsASession() {
        session.add(followers.at(0));
        session.add(followers.at(1));

        var request = next();

        assertThat(request.sessionEpoch()).isZero();
        assertThat(request.topics().get(0).partitions())
                .extracting(FetchRequest.Partition::partition)
                .containsExactly(0, 1);
    }

    @Test
    void laterOnesNameWhatHasChanged() {
        session.add(followers.at(0));
        session.add(followers.at(1));
        answered(next());

        var unchanged = next();
        answered(unchanged);
        session.changed(followers.at(1));
        var changed = next();

        assertThat(unchanged.topics()).isEmpty();
        assertThat(unchanged.sessionId()).isEqualTo(9);
        assertThat(unchanged.sessionEpoch()).isEqualTo(1);
        assertThat(changed.sessionEpoch()).isEqualTo(2);
        assertThat(changed.topics().get(0).partitions())
                .extracting(FetchRequest.Partition::partition)
                .containsExactly(1);
    }

    @Test
    void whatRestsIsForgottenUntilItIsRested() {
        session.add(followers.at(0));
        session.add(followers.at(1));
        answered(next());

        followers.at(0).rest();
        session.changed(followers.at(0));
        var without = next();
        answered(without);
        followers.at(0).rested();
        session.changed(followers.at(0));
        var with = next();

        assertThat(without.forgottenTopicsData().get(0).partitions()).containsExactly(0);
        assertThat(without.topics()).isEmpty();
        assertThat(with.forgottenTopicsData()).isEmpty();
        assertThat(with.topics().get(0).partitions()).hasSize(1);
    }

    @Test
    void whileAllRestNothingIsAsked() {
        session.add(followers.at(0));
        followers.at(0).rest();

        assertThat(session.next()).isEmpty();
    }

    @Test
    void aPartitionThatIsFollowedAnewIsAskedForAnew() {
        session.add(followers.at(0));
        answered(next());

        var again = followers.anew(0);
        session.add(again);
        assertThat(session.find(again.key())).contains(again);
        assertThat(again.isAsked()).isFalse();
        var request = next();

        assertThat(request.forgottenTopicsData()).isEmpty();
        assertThat(request.topics().get(0).partitions()).hasSize(1);
        assertThat(again.isAsked()).isTrue();
    }

    @Test
    void whatIsRemovedIsForgotten() {
        session.add(followers.at(0));
        session.add(followers.at(1));
        answered(next());

        session.remove(followers.at(0).key());

        assertThat(next().forgottenTopicsData().get(0).partitions()).containsExactly(0);
    }

    @Test
    void aSessionThatIsLostBeginsAnewWithAll() {
        session.add(followers.at(0));
        answered(next());

        session.reset();
        var request = next();

        assertThat(request.sessionId()).isZero();
        assertThat(request.sessionEpoch()).isZero();
        assertThat(request.topics().get(0).partitions()).hasSize(1);
    }

    private FetchRequest next() {
        return session.next().orElseThrow().build();
    }

    private void answered(FetchRequest request) {
        assertThat(request).isNotNull();
        session.answered(FetchResponse.builder().sessionId(9).build());
    }
}
