package io.thalweg.protocol.generator;

import java.util.List;

/** Writes the enum of all APIs into the runtime's package. */
final class ApiKeyCode {

    private static final String NEVER = "Short.MAX_VALUE";

    private static final String MEMBERS = """

                private static final List<Optional<ApiKey>> BY_ID = byId();

                private final short id;
                private final String apiName;
                private final short minVersion;
                private final short maxVersion;
                private final short maxStableVersion;
                private final short flexibleFrom;
                private final boolean isInternal;

                ApiKey(int id, String apiName, int minVersion, int maxVersion, int maxStableVersion, int flexibleFrom,
                        boolean isInternal) {
                    this.id = (short) id;
                    this.apiName = apiName;
                    this.minVersion = (short) minVersion;
                    this.maxVersion = (short) maxVersion;
                    this.maxStableVersion = (short) maxStableVersion;
                    this.flexibleFrom = (short) flexibleFrom;
                    this.isInternal = isInternal;
                }

                /** The API with this key, if it is known. */
                public static Optional<ApiKey> forId(int id) {
                    return id >= 0 && id < BY_ID.size() ? BY_ID.get(id) : Optional.empty();
                }

                /** The key on the wire. */
                public short id() {
                    return id;
                }

                /** The name in the protocol's documentation: {@code ListOffsets}. */
                public String apiName() {
                    return apiName;
                }

                /** The lowest version that can be read and written. */
                public short minVersion() {
                    return minVersion;
                }

                /** The highest version that can be read and written. */
                public short maxVersion() {
                    return maxVersion;
                }

                /** The highest version that may be offered: above it the protocol may still change. */
                public short maxStableVersion() {
                    return maxStableVersion;
                }

                /** The first version with variable-length numbers and tagged fields, or {@link Short#MAX_VALUE}. */
                public short flexibleFrom() {
                    return flexibleFrom;
                }

                /** Whether only brokers of one cluster use it among themselves; it is never offered to clients. */
                public boolean isInternal() {
                    return isInternal;
                }

                /** Whether this version can be read and written. */
                public boolean supports(short version) {
                    return version >= minVersion && version <= maxVersion;
                }

                /** The version of the header that stands before a request of this version. */
                public short requestHeaderVersion(short version) {
                    return (short) (version >= flexibleFrom ? 2 : 1);
                }

                /** The version of the header that stands before a response; any client can read that of ApiVersions. */
                public short responseHeaderVersion(short version) {
                    return (short) (version >= flexibleFrom && this != API_VERSIONS ? 1 : 0);
                }

                private static List<Optional<ApiKey>> byId() {
                    List<Optional<ApiKey>> keys = new ArrayList<>();
                    for (ApiKey key : values()) {
                        while (keys.size() < key.id) {
                            keys.add(Optional.empty());
                        }
                        keys.add(Optional.of(key));
                    }
                    return List.copyOf(keys);
                }
            """;

    private ApiKeyCode() {}

    /** The text of the file; the APIs are in the order of their keys. */
    static String of(List<Api> apis) {
        JavaSource out = new JavaSource();
        out.line("// Generated from the schema files; edit them instead.");
        out.line("package " + RecordCode.RUNTIME + ";").line("");
        out.line("import java.util.ArrayList;").line("import java.util.List;").line("import java.util.Optional;");
        out.line("").line("/** The APIs that can be read and written, with their versions. */");
        out.open("public enum ApiKey");
        for (int i = 0; i < apis.size(); i++) {
            out.line("/** See {@link " + RecordCode.RUNTIME + ".message."
                    + apis.get(i).name() + "Request}. */");
            out.line(constant(apis.get(i)) + (i == apis.size() - 1 ? ";" : ","));
        }
        return out + MEMBERS + "}\n";
    }

    private static String constant(Api api) {
        int maxStable = api.unstable().isEmpty()
                ? api.versions().highest()
                : api.unstable().lowest() - 1;
        String flexible =
                api.flexible().isEmpty() ? NEVER : String.valueOf(api.flexible().lowest());
        return api.constantName() + "(" + api.key() + ", \"" + api.name() + "\", "
                + api.versions().lowest() + ", " + api.versions().highest() + ", " + maxStable + ", " + flexible + ", "
                + api.isInternal() + ")";
    }
}
