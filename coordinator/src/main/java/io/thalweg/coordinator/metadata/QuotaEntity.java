package io.thalweg.coordinator.metadata;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom a quota is for: users, client ids or addresses, each one of a name or the default of those that have none of their own.
 *
 * @param names by type; empty for the default; never changed
 */
public record QuotaEntity(SortedMap<String, Optional<String>> names) {

    public static final String USER = "user";
    public static final String CLIENT_ID = "client-id";
    public static final String IP = "ip";

    private static final String DEFAULT = "<default>";

    public QuotaEntity {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    }

    public static QuotaEntity of(String type, Optional<String> name) {
        return new QuotaEntity(new TreeMap<>(Map.of(type, name)));
    }

    public static QuotaEntity of(Optional<String> user, Optional<String> clientId) {
        return new QuotaEntity(new TreeMap<>(Map.of(USER, user, CLIENT_ID, clientId)));
    }

    /** What holds its quotas: {@code type=name} by comma, what separates them is escaped in names as in URLs, and {@code <} is. */
    public ConfigResource toResource() {
        var text = new StringBuilder();
        names.forEach((type, name) -> text.append(text.isEmpty() ? "" : ",")
                .append(type)
                .append('=')
                .append(name.map(QuotaEntity::encoded).orElse(DEFAULT)));
        return new ConfigResource(ConfigResource.Type.QUOTA, text.toString());
    }

    private static String encoded(String name) {
        return name.replace("%", "%25").replace(",", "%2C").replace("=", "%3D").replace("<", "%3C");
    }

    private static String decoded(String text) {
        return text.replace("%3C", "<").replace("%3D", "=").replace("%2C", ",").replace("%25", "%");
    }

    public static QuotaEntity fromResource(ConfigResource resource) {
        var names = new TreeMap<String, Optional<String>>();
        for (var part : List.of(resource.name().split(",", -1))) {
            var equals = part.indexOf('=');
            var name = part.substring(equals + 1);
            names.put(part.substring(0, equals), name.equals(DEFAULT) ? Optional.empty() : Optional.of(decoded(name)));
        }
        return new QuotaEntity(names);
    }
}
