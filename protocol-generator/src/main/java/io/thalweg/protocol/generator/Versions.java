package io.thalweg.protocol.generator;

/** A range of versions, both ends included; empty if the highest is below the lowest. */
record Versions(int lowest, int highest) {

    static final Versions NONE = new Versions(0, -1);

    boolean isEmpty() {
        return highest < lowest;
    }

    boolean contains(int version) {
        return version >= lowest && version <= highest;
    }

    boolean covers(Versions other) {
        return other.isEmpty() || (contains(other.lowest) && contains(other.highest));
    }

    Versions meet(Versions other) {
        Versions both = new Versions(Math.max(lowest, other.lowest), Math.min(highest, other.highest));
        return both.isEmpty() ? NONE : both;
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : lowest == highest ? String.valueOf(lowest) : lowest + "-" + highest;
    }
}
