package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.GroupFixture.GROUP;
import static io.thalweg.coordinator.group.GroupFixture.SESSION;
import static io.thalweg.coordinator.group.GroupFixture.bytes;
import static io.thalweg.coordinator.group.GroupFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recovery, the end, and what tools see. */
final class GroupCoordinatorTest {

    private final GroupFixture groups = new GroupFixture();

    @Test
    void membersGoOnAfterARestart() {
        var members = groups.stableGroup(2);

        groups.restart();

        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.heartbeat(members.get(0))).isEqualTo(ErrorCode.NONE);
        assertThat(groups.sync(members.get(1)).join().assignment()).isEqualTo(bytes("1"));
        assertThat(groups.join(GroupFixture.joinOf(members.get(1).memberId()))
                        .join()
                        .generationId())
                .isEqualTo(1);
    }

    @Test
    void membersThatDoNotComeBackAfterARestartAreTakenOut() {
        groups.stableGroup(2);
        groups.restart();

        groups.time.advance(SESSION);

        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void generationsGoOnAfterARestart() {
        var members = groups.stableGroup(1);
        groups.leave(GroupFixture.member(members.get(0).memberId(), null));
        groups.restart();

        assertThat(groups.stableGroup(1).get(0).generationId()).isEqualTo(3);
    }

    @Test
    void whoWaitsWhenItEndsIsToldToLookElsewhere() {
        var join = groups.joinAnew();

        groups.close(ErrorCode.NOT_COORDINATOR);

        assertThat(error(join.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void nothingHappensAfterTheEnd() {
        groups.stableGroup(2);
        var written = groups.log.records().size();
        groups.close(ErrorCode.NOT_COORDINATOR);

        groups.time.advance(SESSION.multipliedBy(10_000));

        assertThat(groups.log.records()).hasSize(written);
    }

    @Test
    void groupsAreListedByStateAndType() {
        groups.stableGroup(1);

        assertThat(list(List.of(), List.of()))
                .containsExactly(new ListGroupsResponse.Group(GROUP, "consumer", "Stable", "classic"));
        assertThat(list(List.of("stable"), List.of("Classic"))).hasSize(1);
        assertThat(list(List.of("Empty"), List.of())).isEmpty();
        assertThat(list(List.of(), List.of("consumer"))).isEmpty();
    }

    private List<ListGroupsResponse.Group> list(List<String> states, List<String> types) {
        var request = ListGroupsRequest.builder()
                .statesFilter(states)
                .typesFilter(types)
                .build();
        return groups.call(asked -> asked.list(request)).join().groups();
    }

    @Test
    void whatIsNotSafeIsNeitherListedNorDescribed() {
        groups.commit("topic", 1);
        groups.log.hold();
        var deleted = groups.call(asked -> asked.deleteGroup(GROUP));

        var listed = groups.call(asked -> asked.list(ListGroupsRequest.builder().build()));
        var described = groups.call(asked -> asked.describe(GROUP, (short) 6));
        assertThat(listed).isNotDone();
        assertThat(described).isNotDone();
        groups.log.failAll(ErrorCode.NOT_COORDINATOR);

        assertThat(error(deleted.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(error(listed.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(error(described.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void aStableGroupIsDescribedWithItsAssignment() {
        groups.stableGroup(1);

        var group = describe(GROUP, 6);

        assertThat(group.protocolType()).isEqualTo("consumer");
        assertThat(group.protocolData()).isEqualTo("range");
        assertThat(group.members()).singleElement().satisfies(member -> {
            assertThat(member.clientId()).isEqualTo("client");
            assertThat(member.clientHost()).isEqualTo("/host");
            assertThat(member.memberMetadata()).isEqualTo(bytes("subscription"));
            assertThat(member.memberAssignment()).isEqualTo(bytes("0"));
        });
    }

    @Test
    void anAbsentGroupIsDeadAndLaterNotFound() {
        assertThat(describe("absent", 5).errorCode()).isZero();
        assertThat(describe("absent", 5).groupState()).isEqualTo("Dead");
        assertThat(error(describe("absent", 6).errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(error(describe("", 6).errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private DescribeGroupsResponse.Group describe(String group, int version) {
        return groups.call(asked -> asked.describe(group, (short) version)).join();
    }
}
