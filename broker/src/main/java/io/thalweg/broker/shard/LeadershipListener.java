package io.thalweg.broker.shard;

import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.broker.partition.Partition;

/** Hears on the shard which of its partitions this broker leads. */
public interface LeadershipListener {

    /** Hears nothing. */
    LeadershipListener NONE = new LeadershipListener() {
        @Override
        public void began(Partition partition, LeaderPartition leader) {}

        @Override
        public void ended(Partition partition) {}
    };

    /** The partition is led here from now on. */
    void began(Partition partition, LeaderPartition leader);

    /** The partition is about to be given up. */
    void ended(Partition partition);
}
