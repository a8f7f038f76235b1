package io.thalweg.simulation.load;

/** A member of the consumer group that goes through the topic. Owned by the scheduler. */
public interface GroupMember {

    /** Begins a life as a member. */
    void begin();

    /** Does nothing for a while, and then goes on as if nothing had been. */
    void pause(long nanos);

    /**
     * Ends its life as a member.
     *
     * @param isOrderly whether it says so
     */
    void end(boolean isOrderly);
}
