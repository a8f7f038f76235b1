package io.thalweg.broker.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant to type: the name with the fewest letters inserted, dropped, replaced or swapped. */
final class ClosestName {

    private static final int LETTERS_PER_SLIP = 5;

    private ClosestName() {}

    /**
     * The closest of the candidates, of several the one of the most similar length. Empty if none is close: a few letters away, or longer
     * by whole words.
     */
    static Optional<String> to(String name, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> isClose(name, candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparingInt(candidate -> Math.abs(candidate.length() - name.length())));
    }

    private static boolean isClose(String name, String candidate) {
        var maxDistance = Math.max(1, name.length() / LETTERS_PER_SLIP);
        return ("." + candidate + ".").contains("." + name + ".") || distance(name, candidate) <= maxDistance;
    }

    static int distance(String from, String to) {
        var beforeLast = new int[to.length() + 1];
        var last = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var row = new int[to.length() + 1];
            row[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var same = from.charAt(i - 1) == to.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (isSwap(from, i, to, j)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[to.length()];
    }

    private static boolean isSwap(String from, int i, String to, int j) {
        return i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
    }
}
