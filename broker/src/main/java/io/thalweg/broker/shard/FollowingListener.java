package io.thalweg.broker.shard;

import io.thalweg.broker.partition.FollowerPartition;

/** Hears on the shard which of its partitions follow another broker. */
public interface FollowingListener {

    /** Hears nothing. */
    FollowingListener NONE = new FollowingListener() {
        @Override
        public void began(PartitionHost host, FollowerPartition follower) {}

        @Override
        public void ended(FollowerPartition follower) {}
    };

    /** The partition is to be fetched from its leader from now on. */
    void began(PartitionHost host, FollowerPartition follower);

    /** The partition was given up. */
    void ended(FollowerPartition follower);
}
