package io.thalweg.broker.metadata;

/**
 * The levels of a feature that this broker can work at (KIP-584).
 *
 * @param minLevel 0 when it can do without
 */
public record FeatureRange(String name, short minLevel, short maxLevel) {

    public FeatureRange {
        if (minLevel < 0 || maxLevel < minLevel) {
            throw new IllegalArgumentException("feature " + name + " with levels " + minLevel + " to " + maxLevel
                    + ": expected ascending levels from 0");
        }
    }
}
