package io.thalweg.broker.shard;

/** Hears of the turns of one shard, on the shard. */
public interface ShardListener {

    /** Hears nothing. */
    ShardListener NONE = new ShardListener() {
        @Override
        public void flushBegan() {}

        @Override
        public long flushEnded() {
            return 0;
        }

        @Override
        public long commitBegan() {
            return 0;
        }

        @Override
        public void commitEnded(long commit) {}
    };

    /** The logs are given what the turn collected for them. */
    void flushBegan();

    /** They have it; gives the nanoseconds that took. */
    long flushEnded();

    /** What they were given is on its way to the disk; gives the commit a number. */
    long commitBegan();

    /** The commit of this number has succeeded or failed; those under way end in any order. */
    void commitEnded(long commit);
}
