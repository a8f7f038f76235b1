package io.thalweg.broker.quota;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was used and is not paid off yet, for each debtor as the time until which it has paid. Any thread.
 *
 * <p>Each use takes the time it would take at the quota's rate, time pays it off, and what is less than the burst is not asked for. When
 * the quota changes, what is owed is paid off at the new rate.
 */
final class Debts {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MAX_DEBT_NANOS = 1e18;

    /** Debtors that are told apart. Debts that are paid go when there are as many; newcomers then share one by kind. */
    private static final int MAX_DEBTORS = 10_000;

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    /** Until when what was used is paid for, at the rate that the quota had then. */
    private record Account(long paidNanos, double rate) {

        /** The same with what is owed paid for at another rate; credit is time and stays. */
        long paidNanosAt(double newRate, long now) {
            var owedNanos = paidNanos - now;
            return newRate == rate || owedNanos <= 0
                    ? paidNanos
                    : now + (long) Math.min(MAX_DEBT_NANOS, owedNanos * (rate / newRate));
        }

        Account without(Use use) {
            return new Account(paidNanos - use.costNanos(), rate);
        }
    }

    /**
     * A use.
     *
     * @param kind of what is used
     * @param debtor who uses it
     * @param rate how much of it the quota allows in a second
     * @param burstNanos how much is on credit, in time at that rate
     */
    record Use(String kind, String debtor, double units, double rate, long burstNanos) {

        private long costNanos() {
            return (long) Math.min(MAX_DEBT_NANOS, units / rate * NANOS_PER_SECOND);
        }

        private Account after(@Nullable Account before, long now) {
            var credit = now - burstNanos;
            var paid = before == null ? credit : Math.max(before.paidNanosAt(rate, now), credit);
            return new Account(Math.min(paid + costNanos(), now + (long) MAX_DEBT_NANOS), rate);
        }
    }

    /** Charges for the use; gives the nanoseconds that are unpaid then, 0 if none are. */
    long charge(Use use, long now) {
        return chargeUpTo(Long.MAX_VALUE, use, now);
    }

    /** The same, but charges nothing if more than this would be unpaid. */
    long chargeUpTo(long maxUnpaidNanos, Use use, long now) {
        var name = nameOf(use, now);
        while (true) {
            var before = accounts.get(name);
            var after = use.after(before, now);
            var unpaidNanos = after.paidNanos() - now;
            if (unpaidNanos > maxUnpaidNanos || hasReplaced(name, before, after)) {
                return Math.max(0, unpaidNanos);
            }
        }
    }

    /** Undoes a charge: the use did not happen. */
    void takeBack(Use use, long now) {
        accounts.computeIfPresent(nameOf(use, now), (name, account) -> account.without(use));
    }

    private boolean hasReplaced(String name, @Nullable Account before, Account after) {
        return before == null ? accounts.putIfAbsent(name, after) == null : accounts.replace(name, before, after);
    }

    private String nameOf(Use use, long now) {
        var name = use.kind() + " " + use.debtor();
        if (accounts.size() < MAX_DEBTORS || accounts.containsKey(name)) {
            return name;
        }
        accounts.values().removeIf(account -> account.paidNanos() - now < 0);
        return accounts.size() < MAX_DEBTORS ? name : use.kind();
    }
}
