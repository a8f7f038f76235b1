package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.nio.file.Path;
import java.util.List;

/**
 * How a member of the quorum is set up.
 *
 * @param directory where a voter keeps its log
 * @param fetchTimeoutMillis after so long without a word of the leader a voter wants another one, at the latest
 * @param electionTimeoutMillis so long an election takes at the most before it is begun anew
 * @param segmentBytes how large a file of the log grows
 */
record QuorumSettings(Path directory, int fetchTimeoutMillis, int electionTimeoutMillis, int segmentBytes) {

    static final ConfigKey<String> METADATA_LOG_DIR = ConfigKey.ofString("metadata.log.dir", null)
            .documented(
                    "The directory in which a server that votes on metadata keeps its log of them. Unset means the first of log.dirs.");

    static final ConfigKey<List<String>> LOG_DIRS = ConfigKey.ofList("log.dirs", null);
    static final ConfigKey<String> LOG_DIR = ConfigKey.ofString("log.dir", "thalweg-data");

    static final ConfigKey<Integer> FETCH_TIMEOUT_MILLIS = ConfigKey.ofInt("controller.quorum.fetch.timeout.ms", 2_000)
            .atLeast(100)
            .documented("A server that votes on metadata and has not heard of the leader for so many milliseconds wants"
                    + " another one; a leader that has not heard of a majority for so long leads no more.");

    static final ConfigKey<Integer> ELECTION_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "controller.quorum.election.timeout.ms", 1_000)
            .atLeast(100)
            .documented("Milliseconds after which an election of the metadata quorum that nobody has won is begun anew,"
                    + " and within which the first one of a cluster begins.");

    static final ConfigKey<Integer> SEGMENT_BYTES = ConfigKey.ofInt("metadata.log.segment.bytes", 8 << 20)
            .atLeast(1 << 16)
            .documented("Bytes after which the metadata log begins a new file; what a snapshot stands for is deleted"
                    + " by whole files.");

    /** Of a log directory; no topic can have this name. */
    private static final String DIRECTORY = "__cluster_metadata";

    static List<ConfigKey<?>> keys() {
        return List.of(METADATA_LOG_DIR, FETCH_TIMEOUT_MILLIS, ELECTION_TIMEOUT_MILLIS, SEGMENT_BYTES);
    }

    static QuorumSettings of(ConfigValues values) {
        return new QuorumSettings(
                directory(values).resolve(DIRECTORY),
                values.value(FETCH_TIMEOUT_MILLIS),
                values.value(ELECTION_TIMEOUT_MILLIS),
                values.value(SEGMENT_BYTES));
    }

    private static Path directory(ConfigValues values) {
        var own = values.find(METADATA_LOG_DIR);
        if (own.isPresent()) {
            return Path.of(own.get());
        }
        var listed = values.find(LOG_DIRS).orElse(List.of(values.value(LOG_DIR)));
        if (listed.isEmpty()) {
            throw new ConfigException(LOG_DIRS.name(), "", "at least one directory");
        }
        return Path.of(listed.get(0));
    }
}
