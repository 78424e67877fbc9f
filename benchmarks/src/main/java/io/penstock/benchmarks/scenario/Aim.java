package io.penstock.benchmarks.scenario;

import java.util.Locale;

/** What a figure of ours should reach. */
public sealed interface Aim {

    boolean met(double value);

    /** Our figure divided by the peer's in the same round. */
    record Ratio(boolean atMost, double limit) implements Aim {
        @Override
        public boolean met(double ratio) {
            return atMost ? ratio <= limit : ratio >= limit;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %s ×", atMost ? "≤" : "≥", plain(limit));
        }
    }

    /** Our figure alone. */
    record Value(double limit, String unit) implements Aim {
        @Override
        public boolean met(double value) {
            return value <= limit;
        }

        @Override
        public String toString() {
            return ("≤ " + plain(limit) + " " + unit).strip();
        }
    }

    private static String plain(double limit) {
        return limit == Math.rint(limit) ? "" + (long) limit : "" + limit;
    }
}
