package io.thalweg.simulation.load;

/** A member of the consumer group that goes through the topic. Owned by the scheduler. */
public interface GroupMember {

    /** Begins a life as a member. */
    void begin();

    /** Does nothing for a while, and then goes on as if nothing had been. */
    void pause(long nanos);
}
