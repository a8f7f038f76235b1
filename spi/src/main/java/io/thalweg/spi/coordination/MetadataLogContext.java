package io.thalweg.spi.coordination;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * All that a member of a metadata quorum may take from the world.
 *
 * @param config the settings of the server; a member reads the keys its provider declares, and where logs lie
 * @param quorum who this member is and who the others are
 * @param clock the only source of time
 * @param timers for what happens later
 * @param workers for threads that may block
 * @param random the only source of randomness; used during open and on the member's own single threads only
 */
public record MetadataLogContext(
        ConfigValues config, Quorum quorum, Clock clock, Timers timers, Workers workers, RandomGenerator random) {

    /**
     * Who is in the quorum.
     *
     * @param nodeId this member
     * @param isVoter whether this member votes; else it only follows
     * @param voters those that the settings name, in their order; none if they name none
     * @param bootstrap where members may be asked who votes, beside those; none if the settings name none
     * @param listen where this member is to be reached by the others, if it votes; empty if its settings do not say
     */
    public record Quorum(
            int nodeId,
            boolean isVoter,
            List<QuorumVoter> voters,
            List<Endpoint> bootstrap,
            Optional<Endpoint> listen) {

        public Quorum {
            voters = List.copyOf(voters);
            bootstrap = List.copyOf(bootstrap);
        }
    }
}
