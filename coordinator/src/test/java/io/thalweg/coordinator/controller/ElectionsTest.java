package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import io.thalweg.coordinator.record.BrokerFenceRecord;
import io.thalweg.protocol.message.AlterConfigsRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ElectionsTest {

    private static final ConfigResource ORDERS = ConfigResource.ofTopic("orders");
    private static final int NOBODY = PartitionImage.NO_LEADER;

    private final Elections elections = Cluster.elections();
    private final Cluster cluster = Cluster.withBrokers(1, 2, 3).topic("orders", 1, 1, 2, 3);

    private void fence(int broker) {
        cluster.replay(List.of(fenced(broker, true)));
        cluster.replay(elections.withoutBroker(cluster.image(), broker));
    }

    private void unfence(int broker) {
        cluster.replay(List.of(fenced(broker, false)));
        cluster.replay(elections.withBroker(cluster.image(), broker));
    }

    private void restart(int broker) {
        cluster.replay(List.of(fenced(broker, true)));
        cluster.replay(elections.withoutRestarted(cluster.image(), broker, true));
    }

    private BrokerFenceRecord fenced(int broker, boolean isFenced) {
        return new BrokerFenceRecord(
                broker, cluster.image().broker(broker).orElseThrow().epoch(), isFenced);
    }

    private PartitionImage partition() {
        return cluster.partition("orders", 0);
    }

    private void assertState(int leader, List<Integer> isr, List<Integer> elr) {
        assertThat(partition().leader()).isEqualTo(leader);
        assertThat(partition().isr()).isEqualTo(isr);
        assertThat(partition().elr()).isEqualTo(elr);
    }

    @Test
    void leadershipGoesDownTheIsrInTheOrderOfReplicas() {
        fence(1);
        assertState(2, List.of(2, 3), List.of());

        fence(2);
        assertState(3, List.of(3), List.of());

        fence(3);
        assertState(NOBODY, List.of(3), List.of());
        assertThat(partition().leaderEpoch()).isEqualTo(3);
        assertThat(partition().partitionEpoch()).isEqualTo(3);
    }

    @Test
    void oneThatIsNotInSyncDoesNotMakeALeaderWhenItComesBack() {
        fence(1);
        fence(2);
        fence(3);

        unfence(1);

        assertState(NOBODY, List.of(3), List.of());
        unfence(3);
        assertState(3, List.of(3), List.of());
    }

    @Test
    void whereFewerAreInSyncThanHaveToBeThoseWhoLeftMayLead() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        fence(1);
        assertState(2, List.of(2, 3), List.of());
        fence(2);
        assertState(3, List.of(3), List.of(2));
        fence(3);
        assertState(NOBODY, List.of(3), List.of(2));

        unfence(1);
        assertState(NOBODY, List.of(3), List.of(2));
        unfence(2);

        assertState(2, List.of(2), List.of(3));
    }

    @Test
    void oneThatMayHaveLostRecordsIsEligibleNoMore() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        fence(1);
        fence(2);
        assertState(3, List.of(3), List.of(2));

        restart(2);

        assertState(3, List.of(3), List.of());
    }

    @Test
    void oneThatStartsAgainOnDisksThatWereSyncedStaysEligible() {
        cluster.config(ORDERS, "min.insync.replicas", "2").config(ORDERS, "durability", "fsync");
        fence(1);
        fence(2);

        restart(2);

        assertState(3, List.of(3), List.of(2));
    }

    @Test
    void oneThatLacksADiskIsEligibleNoMoreEvenIfAllWasSynced() {
        cluster.config(ORDERS, "min.insync.replicas", "2").config(ORDERS, "durability", "fsync");
        fence(1);
        fence(2);

        cluster.replay(elections.withoutRestarted(cluster.image(), 2, false));

        assertState(3, List.of(3), List.of());
    }

    @Test
    void theLastInSyncThatMayHaveLostRecordsGivesWayToThoseThatAreEligible() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        fence(1);
        fence(2);
        fence(3);

        restart(3);
        assertState(NOBODY, List.of(2), List.of());
        unfence(3);
        assertState(NOBODY, List.of(2), List.of());

        unfence(2);
        assertState(2, List.of(2), List.of());
    }

    @Test
    void theLastInSyncThatMayHaveLostRecordsIsKeptIfNobodyIsBetter() {
        fence(1);
        fence(2);

        restart(3);
        assertState(NOBODY, List.of(3), List.of());

        unfence(3);
        assertState(3, List.of(3), List.of());
    }

    @Test
    void anyReplicaLeadsWhereThatIsAllowed() {
        cluster.config(ORDERS, "unclean.leader.election.enable", "true");
        fence(1);
        fence(2);
        unfence(1);

        fence(3);

        assertState(1, List.of(1), List.of());
    }

    @Test
    void allowingItElectsWhatHasNoLeader() {
        fence(1);
        fence(2);
        unfence(1);
        fence(3);
        assertState(NOBODY, List.of(3), List.of());

        alterOrders("unclean.leader.election.enable", "true");

        assertState(1, List.of(1), List.of());
    }

    @Test
    void whenFewerHaveToBeInSyncNobodyElseIsEligibleAnyMore() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        fence(2);
        fence(3);
        assertState(1, List.of(1), List.of(3));

        alterOrders("min.insync.replicas", "1");

        assertState(1, List.of(1), List.of());
    }

    private void alterOrders(String name, String value) {
        var resource = new AlterConfigsRequest.Resource(
                (byte) 2, "orders", List.of(new AlterConfigsRequest.Config(name, value)));
        cluster.decide(
                new AlterConfigsDecider(new SampleSchema(), elections),
                AlterConfigsRequest.builder().resources(List.of(resource)).build());
    }

    @Test
    void leadershipGoesBackToTheFirstReplicaOnceItIsInSync() {
        fence(1);
        unfence(1);
        assertThat(elections.preferred(cluster.image(), 10)).isEmpty();
        cluster.partition("orders", new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2), 2, 1, 5));

        cluster.replay(elections.preferred(cluster.image(), 10));

        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2), 1, 2, 6));
    }

    @Test
    void noMoreLeadershipsGoBackAtOnceThanMayDo() {
        cluster.topic("many", 10, 1, 2);
        for (int i = 0; i < 10; i++) {
            cluster.partition("many", new PartitionImage(i, List.of(1, 2), List.of(1, 2), 2, 0, 0));
        }

        assertThat(elections.preferred(cluster.image(), 4)).hasSize(4);
    }

    /** Who is eligible takes the place of the one in sync, and is one replica all the same. */
    @Test
    void aReassignmentGoesOnWhenTheLastInSyncMayHaveLostRecords() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        var underWay = new Reassignment(List.of(), List.of(3));
        cluster.partition(
                "orders", new PartitionImage(0, List.of(1, 2, 3), List.of(1), List.of(2, 3), underWay, 1, 5, 7));

        restart(1);

        assertThat(partition().replicas()).containsExactly(1, 2, 3);
        assertThat(partition().reassignment()).isEqualTo(underWay);
    }

    @Test
    void aReassignmentGoesOnWhenALeaderIsLost() {
        var underWay = new Reassignment(List.of(3), List.of(1));
        cluster.partition(
                "orders", new PartitionImage(0, List.of(3, 2, 1), List.of(1, 2), List.of(), underWay, 1, 5, 7));

        fence(1);

        assertState(2, List.of(2), List.of());
        assertThat(partition().reassignment()).isEqualTo(underWay);
        assertThat(partition().replicas()).containsExactly(3, 2, 1);
    }
}
