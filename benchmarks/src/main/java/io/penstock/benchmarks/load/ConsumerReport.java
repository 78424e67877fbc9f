package io.penstock.benchmarks.load;

import java.util.List;

/** What Kafka's {@code ConsumerPerformance} printed at its end. */
public record ConsumerReport(long records, double megabytesPerSecond) {

    private static final int COLUMNS = 10;
    private static final double MEBIBYTE = 1.048576;

    public static ConsumerReport parse(String output) {
        String stripped = output.strip();
        String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
        List<String> columns = List.of(line.split(",\\s*"));
        if (columns.size() < COLUMNS) {
            throw new IllegalStateException("The consumer tool failed: " + stripped);
        }
        double megabytes = Double.parseDouble(columns.get(2)) * MEBIBYTE;
        double fetchSeconds = Double.parseDouble(columns.get(7)) / 1000;
        return new ConsumerReport(
                Long.parseLong(columns.get(4)), megabytes / Math.max(fetchSeconds, 0.001));
    }
}
