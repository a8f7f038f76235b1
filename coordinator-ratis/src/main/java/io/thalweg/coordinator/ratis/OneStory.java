package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener one log that is heard from two sides: from who votes, asked as an observer does, and from this node's own voter, once it
 * votes itself. Entries come from whoever is first; of leadership the own voter tells while it votes, else the others. Owned by the thread
 * that tells.
 */
final class OneStory {

    private final MetadataListener listener;
    private final Runnable votes;
    private long nextOffset;
    private long votersOffset;
    private boolean isAmongVoters;
    private boolean isVoting;
    private @Nullable Leadership ofVoter;
    private @Nullable Leadership told;

    /**
     * A story that has not begun.
     *
     * @param votes called when this node's voter votes and has everything that the listener has heard
     */
    OneStory(MetadataListener listener, Runnable votes) {
        this.listener = listener;
        this.votes = votes;
    }

    /** What the own voter tells. */
    MetadataListener ofVoter() {
        return new MetadataListener() {
            @Override
            public void snapshot(long endOffset, List<ByteBuffer> records) {
                votersOffset = endOffset;
                tellSnapshot(endOffset, records);
                look();
            }

            @Override
            public void committed(long offset, List<ByteBuffer> records) {
                votersOffset = offset + 1;
                tellEntry(offset, records);
                look();
            }

            @Override
            public void leadership(Leadership leadership) {
                ofVoter = leadership;
                look();
                if (isVoting) {
                    tellLeadership(leadership);
                }
            }
        };
    }

    /** What an observer tells. */
    MetadataListener ofOthers() {
        return new MetadataListener() {
            @Override
            public void snapshot(long endOffset, List<ByteBuffer> records) {
                tellSnapshot(endOffset, records);
            }

            @Override
            public void committed(long offset, List<ByteBuffer> records) {
                tellEntry(offset, records);
            }

            @Override
            public void leadership(Leadership leadership) {
                if (!isVoting) {
                    tellLeadership(leadership);
                }
            }
        };
    }

    private void tellSnapshot(long endOffset, List<ByteBuffer> records) {
        if (endOffset > nextOffset) {
            nextOffset = endOffset;
            listener.snapshot(endOffset, records);
        }
    }

    private void tellEntry(long offset, List<ByteBuffer> records) {
        if (offset >= nextOffset) {
            nextOffset = offset + 1;
            listener.committed(offset, records);
        }
    }

    private void tellLeadership(Leadership leadership) {
        if (!leadership.equals(told)) {
            told = leadership;
            listener.leadership(leadership);
        }
    }

    /** This node is one of those that vote, as its own voter has heard. */
    void among() {
        isAmongVoters = true;
        look();
    }

    /** This node votes no more; who leads will be heard from the others. */
    void left() {
        isAmongVoters = false;
        isVoting = false;
        ofVoter = null;
        var last = told;
        if (last != null && last.leaderId().isPresent()) {
            tellLeadership(new Leadership(OptionalInt.empty(), last.epoch(), false));
        }
    }

    /** Whether this node's voter is the one that tells who leads. */
    boolean isVoting() {
        return isVoting;
    }

    private void look() {
        var known = ofVoter;
        if (!isVoting && isAmongVoters && known != null && known.leaderId().isPresent() && votersOffset >= nextOffset) {
            isVoting = true;
            tellLeadership(known);
            votes.run();
        }
    }
}
