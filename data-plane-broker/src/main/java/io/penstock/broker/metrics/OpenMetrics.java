package io.penstock.broker.metrics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Collects samples into the OpenMetrics text format, version 1.0: samples of one family stand
 * together whatever the order they were added in. Not for use by several threads.
 */
public final class OpenMetrics {

    /** What a family's samples are. */
    public enum Kind {
        /** Only grows while the process lives; its samples end in {@code _total}. */
        COUNTER("_total"),
        GAUGE(""),
        /** Buckets, count and sum; its samples say themselves which. */
        HISTOGRAM(""),
        /** Quantiles and a count. */
        SUMMARY("");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    private record Family(Kind kind, StringBuilder samples) {}

    private final Map<String, Family> families = new LinkedHashMap<>();

    /**
     * @param name without the suffix {@code _total}
     * @param labels names and values in turn
     */
    public OpenMetrics counter(String name, String help, double value, String... labels) {
        return add(name, Kind.COUNTER, help, Kind.COUNTER.suffix, value, labels);
    }

    /**
     * @param labels names and values in turn
     */
    public OpenMetrics gauge(String name, String help, double value, String... labels) {
        return add(name, Kind.GAUGE, help, Kind.GAUGE.suffix, value, labels);
    }

    /**
     * One sample of a histogram.
     *
     * @param suffix {@code _bucket} (cumulative, with the label {@code le}), {@code _count} or
     *     {@code _sum}
     */
    public OpenMetrics histogram(
            String name, String help, String suffix, double value, String... labels) {
        return add(name, Kind.HISTOGRAM, help, suffix, value, labels);
    }

    /**
     * A quantile of a summary.
     *
     * @param labels names and values in turn, of which one is {@code quantile}
     */
    public OpenMetrics quantile(String name, String help, double value, String... labels) {
        return add(name, Kind.SUMMARY, help, "", value, labels);
    }

    /** How much a summary is about. */
    public OpenMetrics summaryCount(String name, String help, double value, String... labels) {
        return add(name, Kind.SUMMARY, help, "_count", value, labels);
    }

    /** The whole text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> text.append(family.samples()));
        return text.append("# EOF\n").toString();
    }

    private OpenMetrics add(
            String name, Kind kind, String help, String suffix, double value, String... labels) {
        Family family = families.computeIfAbsent(name, absent -> open(name, kind, help));
        if (family.kind() != kind) {
            throw new IllegalArgumentException(name + " is a " + family.kind());
        }
        StringBuilder samples = family.samples().append(name).append(suffix);
        appendLabels(samples, labels);
        appendValue(samples.append(' '), value);
        samples.append('\n');
        return this;
    }

    private Family open(String name, Kind kind, String help) {
        StringBuilder samples = new StringBuilder("# HELP ").append(name).append(' ');
        appendEscaped(samples, help);
        samples.append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append('\n');
        return new Family(kind, samples);
    }

    private static void appendLabels(StringBuilder target, String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("a label without a value");
        }
        for (int i = 0; i < labels.length; i += 2) {
            target.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            appendEscaped(target, labels[i + 1]);
            target.append('"');
        }
        if (labels.length > 0) {
            target.append('}');
        }
    }

    /** Whole numbers are written without a fraction, so that offsets stay exact to the eye. */
    private static void appendValue(StringBuilder target, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            target.append((long) value);
        } else if (Double.isInfinite(value)) {
            target.append(value > 0 ? "+Inf" : "-Inf");
        } else {
            target.append(value);
        }
    }

    private static void appendEscaped(StringBuilder target, String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> target.append("\\\\");
                case '"' -> target.append("\\\"");
                case '\n' -> target.append("\\n");
                default -> target.append(text.charAt(i));
            }
        }
    }
}
