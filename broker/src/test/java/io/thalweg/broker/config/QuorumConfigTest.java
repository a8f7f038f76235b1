package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.transport.Endpoint;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class QuorumConfigTest {

    private static final String VOTERS = "1@a:9093,2@b:9093,3@[::1]:9093";
    private static final Map<String, String> VOTER = Map.of(
            "node.id", "2",
            "controller.quorum.voters", VOTERS,
            "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093",
            "controller.listener.names", "CONTROLLER");
    private static final Map<String, String> FOLLOWER = Map.of(
            "node.id", "7",
            "process.roles", "broker",
            "controller.quorum.voters", VOTERS,
            "listeners", "PLAINTEXT://:9092",
            "controller.listener.names", "CONTROLLER");

    private static ConfigValues values(Map<String, String> texts, String... others) {
        var all = new TreeMap<>(texts);
        for (int i = 0; i < others.length; i += 2) {
            all.put(others[i], others[i + 1]);
        }
        return ConfigValues.of(all);
    }

    /** On a machine called {@code machine}. */
    private static boolean namesOthers(ConfigValues values) {
        return QuorumConfig.namesOthers(values, "machine"::equals);
    }

    private static void assertProblem(ConfigValues values, String problem) {
        assertThat(QuorumConfig.problems(values)).containsExactly(problem);
    }

    @Test
    void aServerThatNamesNobodyIsAClusterByItself() {
        var values = ConfigValues.empty();

        assertThat(QuorumConfig.problems(values)).isEmpty();
        assertThat(namesOthers(values)).isFalse();
        assertThat(QuorumConfig.of(values).isVoter()).isTrue();
        assertThat(QuorumConfig.of(values).voters()).isEmpty();
    }

    @Test
    void soIsOneThatNamesItself() {
        var values = values(Map.of(), "node.id", "4", "controller.quorum.voters", "4@localhost:9093");

        assertThat(QuorumConfig.problems(values)).isEmpty();
        assertThat(namesOthers(values)).isFalse();
    }

    @Test
    void aVoterKnowsTheOthersAndWhereItIsReached() {
        var values = values(VOTER);

        var quorum = QuorumConfig.of(values);

        assertThat(QuorumConfig.problems(values)).isEmpty();
        assertThat(namesOthers(values)).isTrue();
        assertThat(quorum.nodeId()).isEqualTo(2);
        assertThat(quorum.isVoter()).isTrue();
        assertThat(quorum.voters())
                .containsExactly(
                        new QuorumVoter(1, new Endpoint("a", 9093)),
                        new QuorumVoter(2, new Endpoint("b", 9093)),
                        new QuorumVoter(3, new Endpoint("::1", 9093)));
        assertThat(quorum.listen()).contains(new Endpoint("", 9093));
    }

    @Test
    void aBrokerThatDoesNotVoteFindsVotersByEitherSetting() {
        var named = values(FOLLOWER);
        var asked = values(
                FOLLOWER, "controller.quorum.voters", "", "controller.quorum.bootstrap.servers", "a:9093,b:9093");

        assertThat(QuorumConfig.problems(named)).isEmpty();
        assertThat(QuorumConfig.of(named).isVoter()).isFalse();
        assertThat(QuorumConfig.problems(asked)).isEmpty();
        assertThat(namesOthers(asked)).isTrue();
        assertThat(QuorumConfig.of(asked).bootstrap())
                .containsExactly(new Endpoint("a", 9093), new Endpoint("b", 9093));
    }

    @Test
    void whoCouldVoteAndKnowsOnlyWhereOthersAreWaitsToBeAdded() {
        for (var roles : new String[] {"broker,controller", "controller"}) {
            var values = values(
                    VOTER,
                    "process.roles",
                    roles,
                    "listeners",
                    (roles.equals("controller") ? "" : "PLAINTEXT://:9092,") + "CONTROLLER://:9093",
                    "controller.quorum.voters",
                    "",
                    "controller.quorum.bootstrap.servers",
                    "a:9093,b:9093");

            assertThat(QuorumConfig.problems(values)).isEmpty();
            assertThat(namesOthers(values)).isTrue();
            assertThat(QuorumConfig.of(values).isVoter()).isTrue();
            assertThat(QuorumConfig.of(values).voters()).isEmpty();
        }
    }

    @Test
    void whoNamesItsOwnAddressOnlyIsAClusterByItself() {
        for (var own : new String[] {"localhost:9093", "127.0.0.1:9093", "me.example:9093", "machine:9093"}) {
            var values = values(
                    Map.of(),
                    "listeners",
                    "PLAINTEXT://:9092,CONTROLLER://me.example:9093",
                    "controller.listener.names",
                    "CONTROLLER",
                    "controller.quorum.bootstrap.servers",
                    own);

            assertThat(QuorumConfig.problems(values)).isEmpty();
            assertThat(namesOthers(values)).isFalse();
        }
    }

    @Test
    void anotherPortOfThisMachineIsAnotherServer() {
        var values = values(
                Map.of(),
                "listeners",
                "PLAINTEXT://:9092,CONTROLLER://:9093",
                "controller.quorum.bootstrap.servers",
                "machine:9193");

        assertThat(namesOthers(values)).isTrue();
    }

    @Test
    void votersAreWrittenAsTheyAreInKafka() {
        assertThat(QuorumConfig.problems(values(VOTER, "controller.quorum.voters", "a:9093")))
                .singleElement()
                .asString()
                .contains("controller.quorum.voters", "a:9093", "id@host:port");
        assertThat(QuorumConfig.problems(values(VOTER, "controller.quorum.voters", "-1@a:9093")))
                .hasSize(1);
        assertThat(QuorumConfig.problems(values(VOTER, "controller.quorum.bootstrap.servers", "a")))
                .singleElement()
                .asString()
                .contains("host:port");
    }

    @Test
    void aVoterIsNamedOnce() {
        assertProblem(
                values(VOTER, "controller.quorum.voters", "1@a:1,2@b:1,2@c:1"),
                "config controller.quorum.voters=1@a:1,2@b:1,2@c:1 refused: expected each node once");
    }

    @Test
    void aServerThatVotesIsAmongTheVoters() {
        assertProblem(
                values(VOTER, "node.id", "4"),
                "config controller.quorum.voters=" + VOTERS
                        + " refused: expected node.id=4 among them, since process.roles has controller");
    }

    @Test
    void aServerThatDoesNotVoteIsNot() {
        assertProblem(
                values(FOLLOWER, "node.id", "3"),
                "config controller.quorum.voters=" + VOTERS
                        + " refused: expected node.id=3 not to be among them, since process.roles has no controller");
    }

    @Test
    void votersNeedAListenerForEachOther() {
        assertProblem(
                values(VOTER, "controller.listener.names", "OTHER"),
                "config controller.listener.names=OTHER refused: expected the name of one of listeners, by which the"
                        + " voters reach this server");
    }

    @Test
    void aBrokerThatDoesNotVoteHasNoneOfTheirListeners() {
        assertProblem(
                values(FOLLOWER, "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
                "config controller.listener.names=CONTROLLER refused: expected none of listeners, since process.roles"
                        + " has no controller");
    }

    @Test
    void aServerThatOnlyVotesHasNoOtherListener() {
        var alone = values(VOTER, "process.roles", "controller", "listeners", "CONTROLLER://:9093");

        assertThat(QuorumConfig.problems(alone)).isEmpty();
        assertThat(QuorumConfig.isBroker(alone)).isFalse();
        assertThat(QuorumConfig.of(alone).listen()).contains(new Endpoint("", 9093));
        assertProblem(
                values(VOTER, "process.roles", "controller"),
                "config listeners=PLAINTEXT://:9092,CONTROLLER://:9093 refused: expected those of"
                        + " controller.listener.names alone, since process.roles has no broker");
    }

    @Test
    void aServerThatOnlyVotesIsNoClusterByItselfThoughItNamesNobodyElse() {
        var alone = values(
                VOTER,
                "process.roles",
                "controller",
                "listeners",
                "CONTROLLER://:9093",
                "controller.quorum.voters",
                "2@b:9093");

        assertThat(QuorumConfig.problems(alone)).isEmpty();
        assertThat(namesOthers(alone)).isTrue();
        assertProblem(
                values(alone.asMap(), "controller.quorum.voters", ""),
                "config process.roles=controller refused: expected controller.quorum.voters, since brokers look for this"
                        + " server there");
    }
}
