package io.penstock.benchmarks.load;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Kafka's {@code ProducerPerformance} printed at its end, of the records after the warm-up.
 *
 * @param megabytesPerSecond of a million bytes each
 */
public record ProducerReport(
        double recordsPerSecond,
        double megabytesPerSecond,
        double medianMillis,
        double percentile99Millis,
        double percentile999Millis,
        double highestMillis) {

    private static final double MEBIBYTE = 1.048576;
    private static final String NUMBER = "([\\d.]+)";
    private static final Pattern STEADY =
            Pattern.compile(
                    "\\d+ steady state records sent, "
                            + NUMBER
                            + " records/sec \\("
                            + NUMBER
                            + " MB/sec\\), "
                            + NUMBER
                            + " ms avg latency, "
                            + NUMBER
                            + " ms max latency, "
                            + NUMBER
                            + " ms 50th, "
                            + NUMBER
                            + " ms 95th, "
                            + NUMBER
                            + " ms 99th, "
                            + NUMBER
                            + " ms 99.9th");

    /** Fails on output in which the tool says that records were lost. */
    public static ProducerReport parse(String output) {
        Matcher matcher = STEADY.matcher(output);
        if (!matcher.find() || output.contains("Exception")) {
            String end = output.substring(Math.max(0, output.length() - 800)).strip();
            throw new IllegalStateException("The producer tool failed: " + end);
        }
        return new ProducerReport(
                number(matcher, 1),
                number(matcher, 2) * MEBIBYTE,
                number(matcher, 5),
                number(matcher, 7),
                number(matcher, 8),
                number(matcher, 4));
    }

    private static double number(Matcher matcher, int group) {
        return Double.parseDouble(matcher.group(group));
    }

    /** Rates of several producers add up; of latencies the worst producer's counts. */
    public static ProducerReport together(List<ProducerReport> reports) {
        return reports.stream()
                .reduce(
                        (a, b) ->
                                new ProducerReport(
                                        a.recordsPerSecond + b.recordsPerSecond,
                                        a.megabytesPerSecond + b.megabytesPerSecond,
                                        Math.max(a.medianMillis, b.medianMillis),
                                        Math.max(a.percentile99Millis, b.percentile99Millis),
                                        Math.max(a.percentile999Millis, b.percentile999Millis),
                                        Math.max(a.highestMillis, b.highestMillis)))
                .orElseThrow();
    }
}
