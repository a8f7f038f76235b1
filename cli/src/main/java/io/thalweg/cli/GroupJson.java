package io.thalweg.cli;

import io.thalweg.api.GroupDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A described group for scripts. */
final class GroupJson {

    private GroupJson() {}

    static Map<String, @Nullable Object> of(GroupDescription group, List<GroupLag.Row> rows) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("group", group.groupId());
        object.put("state", group.state());
        object.put("type", group.protocolType());
        object.put("protocol", group.protocol());
        object.put("coordinator", group.coordinatorId());
        object.put("members", group.members().stream().map(GroupJson::member).toList());
        object.put("partitions", rows.stream().map(GroupJson::row).toList());
        return object;
    }

    private static Map<String, @Nullable Object> member(GroupDescription.Member member) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("member", member.memberId());
        object.put("instance", member.instanceId());
        object.put("client", member.clientId());
        object.put("host", member.clientHost());
        object.put("assigned", member.assigned());
        return object;
    }

    private static Map<String, @Nullable Object> row(GroupLag.Row row) {
        var member = row.member();
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("topic", row.partition().topic());
        object.put("partition", row.partition().partition());
        object.put("committed", row.committed());
        object.put("end", row.end());
        object.put("lag", row.lag());
        object.put("member", member == null ? null : member.memberId());
        return object;
    }
}
