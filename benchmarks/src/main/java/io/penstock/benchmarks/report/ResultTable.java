package io.penstock.benchmarks.report;

import io.penstock.benchmarks.measure.Spread;
import io.penstock.benchmarks.report.Run.Outcome;
import io.penstock.benchmarks.scenario.Aim;
import io.penstock.benchmarks.scenario.Figure;
import io.penstock.benchmarks.scenario.Scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs as a Markdown table: median (least–most) of each side, and our figure divided by each peer's
 * as the median of the rounds' ratios, because two runs of one round met the same machine.
 */
public final class ResultTable {

    private final String ours;
    private final List<String> peers;
    private final boolean strict;
    private final boolean judged;

    /**
     * @param strict leaves disturbed runs out
     * @param judged compares with the aims, which are meant for full loads
     */
    public ResultTable(String ours, List<String> peers, boolean strict, boolean judged) {
        this.ours = ours;
        this.peers = List.copyOf(peers);
        this.strict = strict;
        this.judged = judged;
    }

    public String of(Scenario scenario, List<Run> all) {
        List<Run> runs =
                all.stream().filter(run -> run.scenario().name().equals(scenario.name())).toList();
        StringBuilder text = new StringBuilder();
        text.append("### ")
                .append(scenario.name())
                .append(": ")
                .append(scenario.description().question());
        text.append("\n\n| figure | ").append(ours).append(" | ");
        peers.forEach(peer -> text.append(peer).append(" | ratio | "));
        text.append("aim |\n|---|---|").append("---|---|".repeat(peers.size())).append("---|\n");
        scenario.description()
                .figures()
                .forEach(figure -> text.append(row(figure, runs)).append('\n'));
        remarks(runs).forEach(remark -> text.append("\n").append(remark).append('\n'));
        return text.toString();
    }

    private String row(Figure figure, List<Run> runs) {
        List<String> cells = new ArrayList<>();
        cells.add(figure.name() + (figure.unit().isEmpty() ? "" : ", " + figure.unit()));
        Map<Integer, Double> own = values(figure, runs, ours);
        cells.add(spread(own));
        List<Double> firstRatios = List.of();
        for (String peer : peers) {
            Map<Integer, Double> theirs = values(figure, runs, peer);
            List<Double> ratios = ratios(own, theirs);
            cells.add(spread(theirs));
            cells.add(ratios.isEmpty() ? "–" : number(Spread.of(ratios).median()) + " ×");
            if (firstRatios.isEmpty()) {
                firstRatios = ratios;
            }
        }
        cells.add(aim(figure, own, firstRatios));
        return "| " + String.join(" | ", cells) + " |";
    }

    private String aim(Figure figure, Map<Integer, Double> own, List<Double> ratios) {
        if (figure.aim().isEmpty()) {
            return "";
        }
        Aim aim = figure.aim().get();
        Optional<Double> reached =
                switch (aim) {
                    case Aim.Ratio ignored -> median(ratios);
                    case Aim.Value ignored -> median(List.copyOf(own.values()));
                };
        if (!judged || reached.isEmpty()) {
            return aim.toString();
        }
        return aim + (aim.met(reached.get()) ? ": met" : ": missed");
    }

    private static Optional<Double> median(List<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values).median());
    }

    private Map<Integer, Double> values(Figure figure, List<Run> runs, String side) {
        Map<Integer, Double> values = new TreeMap<>();
        for (Run run : runs) {
            if (run.side().equals(side)
                    && run.outcome() instanceof Outcome.Succeeded(var measured)
                    && !(strict && run.disturbed())
                    && measured.figures().containsKey(figure.name())) {
                values.put(run.round(), measured.figures().get(figure.name()));
            }
        }
        return values;
    }

    private static List<Double> ratios(Map<Integer, Double> own, Map<Integer, Double> theirs) {
        return own.entrySet().stream()
                .filter(entry -> theirs.getOrDefault(entry.getKey(), 0.0) != 0)
                .map(entry -> entry.getValue() / theirs.get(entry.getKey()))
                .toList();
    }

    private List<String> remarks(List<Run> runs) {
        List<String> remarks = new ArrayList<>();
        long disturbed = runs.stream().filter(Run::disturbed).count();
        if (disturbed > 0) {
            remarks.add(
                    disturbed
                            + " of "
                            + runs.size()
                            + " runs met foreign load"
                            + (strict ? " and are left out." : ": do not quote these figures."));
        }
        Map<String, List<Run>> failed =
                runs.stream()
                        .filter(run -> run.outcome() instanceof Outcome.Failed)
                        .collect(
                                Collectors.groupingBy(
                                        Run::side, TreeMap::new, Collectors.toList()));
        failed.forEach(
                (side, some) ->
                        remarks.add(
                                some.size()
                                        + " run(s) of "
                                        + side
                                        + " failed: "
                                        + firstLine(some.getFirst())));
        return remarks;
    }

    private static String firstLine(Run run) {
        return ((Outcome.Failed) run.outcome()).reason().lines().findFirst().orElse("");
    }

    private static String spread(Map<Integer, Double> values) {
        if (values.isEmpty()) {
            return "–";
        }
        Spread spread = Spread.of(values.values());
        return spread.count() == 1
                ? number(spread.median())
                : number(spread.median())
                        + " ("
                        + number(spread.least())
                        + "–"
                        + number(spread.most())
                        + ")";
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%.0f" : "%.2f";
        return String.format(Locale.ROOT, size >= 10 && size < 100 ? "%.1f" : format, value);
    }
}
