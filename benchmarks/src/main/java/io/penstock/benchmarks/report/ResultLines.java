package io.penstock.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.benchmarks.measure.Usage;
import io.penstock.benchmarks.report.Run.Outcome;
import io.penstock.benchmarks.scenario.Figure;
import io.penstock.benchmarks.scenario.Measured;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds one JSON object a run to files, as soon as it has ended. */
public final class ResultLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Path> files;
    private final Map<String, Object> conditions;

    /**
     * @param conditions what all runs have in common, such as the sides' versions and the scale
     */
    public ResultLines(List<Path> files, Map<String, Object> conditions) {
        this.files = List.copyOf(files);
        this.conditions = Map.copyOf(conditions);
    }

    public void add(Run run) throws IOException {
        for (Path file : files) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file, line(run) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    String line(Run run) throws JsonProcessingException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("scenario", run.scenario().name());
        line.put("side", run.side());
        line.put("round", run.round());
        line.put("started_at", run.startedAt().toString());
        switch (run.outcome()) {
            case Outcome.Failed(String reason) -> line.put("error", reason);
            case Outcome.Succeeded(Measured measured) -> {
                line.put("figures", figures(run, measured));
                usage(measured.usage(), line);
            }
        }
        line.putAll(conditions);
        return JSON.writeValueAsString(line);
    }

    private static List<Map<String, Object>> figures(Run run, Measured measured) {
        return run.scenario().description().figures().stream()
                .map(f -> figure(f, measured))
                .toList();
    }

    private static Map<String, Object> figure(Figure figure, Measured measured) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", figure.name());
        line.put("unit", figure.unit());
        line.put("value", rounded(measured.figures().getOrDefault(figure.name(), Double.NaN)));
        return line;
    }

    private static void usage(Usage usage, Map<String, Object> line) {
        line.put("disturbed", usage.disturbed());
        line.put("wall_s", rounded(usage.wallSeconds()));
        line.put("client_cpu_s", rounded(usage.clientSeconds()));
        line.put("foreign_percent", rounded(usage.foreignPercent()));
        line.put("stolen_percent", rounded(usage.stolenPercent()));
        line.put("waiting_sides_percent", rounded(usage.waitingSidesPercent()));
        line.put("idle_percent", rounded(usage.idlePercent()));
        line.put("processes", usage.processes().stream().map(ResultLines::process).toList());
    }

    private static Map<String, Object> process(Usage.ProcessUsage process) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", process.name());
        line.put("pid", process.pid());
        line.put("cpu_s", rounded(process.cpuSeconds()));
        line.put("resident_mib", rounded(process.memory().residentMib()));
        line.put("highest_mib", rounded(process.memory().highestMib()));
        return line;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
