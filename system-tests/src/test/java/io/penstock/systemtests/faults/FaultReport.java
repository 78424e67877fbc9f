package io.penstock.systemtests.faults;

import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One row for each kind of fault of this run: a table for people, and the same as JSON. */
final class FaultReport {
    private static final String SEED = System.getProperty("penstock.seed", "1");
    private static final int JOBS = Integer.getInteger("penstock.faults.jobs", 1);
    private static final List<Row> ROWS = new ArrayList<>();

    private FaultReport() {}

    /**
     * @param usualGaps of each strike, the longest time without an acknowledgement for clients with
     *     default settings, until everything went on
     * @param impatientGaps the same for clients that give up a request after a second
     * @param mendingGaps the longest while the cluster became whole again
     */
    record Row(
            String fault,
            List<Duration> usualGaps,
            List<Duration> impatientGaps,
            List<Duration> mendingGaps,
            long acknowledged,
            long failed,
            long lost,
            long violations) {

        /** Of a scenario that did not come to its judgement. */
        static Row unfinished(String fault) {
            return new Row(fault, List.of(), List.of(), List.of(), 0, 0, 0, 0);
        }

        boolean isFinished() {
            return !usualGaps.isEmpty();
        }
    }

    /** Unless it was judged, and found wanting. */
    static synchronized void addUnfinished(String fault) throws IOException {
        if (ROWS.stream().noneMatch(row -> row.fault().equals(fault))) {
            add(Row.unfinished(fault));
        }
    }

    static synchronized void add(Row row) throws IOException {
        ROWS.add(row);
        var file =
                Path.of(System.getProperty("penstock.target"))
                        .resolve("faults")
                        .resolve("report-" + SEED + ".json");
        Files.createDirectories(file.getParent());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        file.toFile(),
                        Map.of(
                                "seed",
                                SEED,
                                "scenarios_at_a_time",
                                JOBS,
                                "gaps_are_figures",
                                JOBS == 1,
                                "faults",
                                ROWS.stream().map(FaultReport::json).toList()));
        Files.writeString(file.resolveSibling("report-" + SEED + ".txt"), table());
    }

    private static Map<String, Object> json(Row row) {
        var json = new LinkedHashMap<String, Object>();
        json.put("fault", row.fault());
        json.put("finished", row.isFinished());
        json.put("times", row.usualGaps().size());
        json.put("gaps_ms", millis(row.usualGaps()));
        json.put("impatient_gaps_ms", millis(row.impatientGaps()));
        json.put("mending_gaps_ms", millis(row.mendingGaps()));
        json.put("acknowledged", row.acknowledged());
        json.put("failed", row.failed());
        json.put("lost", row.lost());
        json.put("violations", row.violations());
        return json;
    }

    private static List<Long> millis(List<Duration> gaps) {
        return gaps.stream().map(Duration::toMillis).toList();
    }

    /** All rows so far; gaps are in milliseconds, median and longest. */
    private static String table() {
        var head =
                "%-44s %5s %17s %17s %17s %8s %6s %5s %8s\n"
                        .formatted(
                                "fault, seed " + SEED,
                                "times",
                                "gap ms",
                                "impatient ms",
                                "mending ms",
                                "acked",
                                "failed",
                                "lost",
                                "broken");
        return (JOBS == 1
                        ? ""
                        : "%d scenarios at a time: the gaps beside that load are no figures.\n"
                                .formatted(JOBS))
                + head
                + ROWS.stream()
                        .map(
                                row ->
                                        "%-44s %5d %17s %17s %17s %8d %6d %5d %8s\n"
                                                .formatted(
                                                        row.fault(),
                                                        row.usualGaps().size(),
                                                        span(row.usualGaps()),
                                                        span(row.impatientGaps()),
                                                        span(row.mendingGaps()),
                                                        row.acknowledged(),
                                                        row.failed(),
                                                        row.lost(),
                                                        row.isFinished()
                                                                ? Long.toString(row.violations())
                                                                : "?"))
                        .collect(Collectors.joining())
                + totals();
    }

    /** One line that the script adds up over several passes. */
    private static String totals() {
        return "total: %d scenarios, %d faults, %d acknowledged, %d failed, %d lost, %d broken\n"
                .formatted(
                        ROWS.size(),
                        ROWS.stream().mapToLong(row -> row.usualGaps().size()).sum(),
                        ROWS.stream().mapToLong(Row::acknowledged).sum(),
                        ROWS.stream().mapToLong(Row::failed).sum(),
                        ROWS.stream().mapToLong(Row::lost).sum(),
                        ROWS.stream().mapToLong(Row::violations).sum());
    }

    private static String span(List<Duration> gaps) {
        return gaps.isEmpty()
                ? "-"
                : AcknowledgementGaps.median(gaps).toMillis()
                        + " / "
                        + gaps.stream().mapToLong(Duration::toMillis).max().orElseThrow();
    }
}
