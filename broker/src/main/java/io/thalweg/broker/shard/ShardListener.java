package io.thalweg.broker.shard;

/** Hears of the turns of one shard, on the shard. */
public interface ShardListener {

    /** Hears nothing. */
    ShardListener NONE = new ShardListener() {
        @Override
        public void flushed(long nanos) {}

        @Override
        public long commitBegan() {
            return 0;
        }

        @Override
        public void commitEnded(long commit) {}
    };

    /** The logs have what the turn collected for them, which took so long. */
    void flushed(long nanos);

    /** What they were given is on its way to the disk; gives the commit a number. */
    long commitBegan();

    /** The commit of this number has succeeded or failed; those under way end in any order. */
    void commitEnded(long commit);
}
