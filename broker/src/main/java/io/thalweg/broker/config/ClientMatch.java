package io.thalweg.broker.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which clients a subscription to client metrics is for (KIP-714): {@code attribute=regular expression}, all of which have to match. */
final class ClientMatch {

    private static final String NAME = "match";
    private static final Set<String> ATTRIBUTES = Set.of(
            "client_instance_id",
            "client_id",
            "client_software_name",
            "client_software_version",
            "client_source_address",
            "client_source_port");

    private ClientMatch() {}

    /** Why the setting may not be made, if it is that of the clients. */
    static Optional<String> refusal(String name, String value) {
        if (!name.equals(NAME) || value.isBlank()) {
            return Optional.empty();
        }
        for (var part : value.split(",", -1)) {
            if (!isMatch(part.strip())) {
                return Optional.of("config " + NAME + "=" + value
                        + " refused: expected attribute=regular expression, not '" + part + "'");
            }
        }
        return Optional.empty();
    }

    private static boolean isMatch(String part) {
        var equals = part.indexOf('=');
        if (equals < 0 || !ATTRIBUTES.contains(part.substring(0, equals).strip())) {
            return false;
        }
        var expression = part.substring(equals + 1).strip();
        try {
            Pattern.compile(expression);
            return !expression.isEmpty();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
