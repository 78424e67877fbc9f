package io.penstock.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.benchmarks.measure.Memory;
import io.penstock.benchmarks.measure.Usage;
import io.penstock.benchmarks.report.Run.Outcome;
import io.penstock.benchmarks.scenario.Measured;
import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenarios;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

class ResultTableTest {

    private static final Scenario START = Scenarios.all().getFirst();

    private static Run run(String side, int round, double ready, double foreign) {
        Usage usage =
                new Usage(
                        1,
                        List.of(
                                new Usage.ProcessUsage(
                                        "broker-1", true, 7, 2.5, new Memory(100, 120))),
                        0.5,
                        foreign,
                        0,
                        0,
                        20);
        Measured measured = Measured.with("ready", ready).and("broker CPU", 2.5).used(usage);
        return new Run(START, side, round, Instant.EPOCH, new Outcome.Succeeded(measured));
    }

    private static Run failed(String side, int round) {
        return new Run(START, side, round, Instant.EPOCH, new Outcome.Failed("no port\nand more"));
    }

    private static ResultTable table(boolean strict, boolean judged) {
        return new ResultTable("penstock", List.of("kraft"), strict, judged);
    }

    @Test
    void ratiosAreThoseOfTheSameRound() {
        String text =
                table(false, true)
                        .of(
                                START,
                                List.of(
                                        run("penstock", 1, 800, 0),
                                        run("kraft", 1, 1600, 0),
                                        run("kraft", 2, 4000, 0),
                                        run("penstock", 2, 1000, 0),
                                        run("penstock", 3, 900, 0),
                                        run("kraft", 3, 3000, 0)));

        assertThat(text)
                .contains(
                        "| ready, ms | 900 (800–1000) | 3000 (1600–4000) | 0.30 × | ≤ 1000 ms: met"
                                + " |");
    }

    @Test
    void aMissedAimIsSaidAndASmokeRunIsNotJudged() {
        List<Run> runs = List.of(run("penstock", 1, 1200, 0));

        assertThat(table(false, true).of(START, runs)).contains("≤ 1000 ms: missed");
        assertThat(table(false, false).of(START, runs)).contains("| ≤ 1000 ms |");
    }

    @Test
    void foreignLoadIsMarkedAndLeftOutWhenStrict() {
        List<Run> runs = List.of(run("penstock", 1, 700, 0), run("penstock", 2, 9000, 50));

        assertThat(table(false, true).of(START, runs))
                .contains("700–9000")
                .contains("1 of 2 runs met foreign load: do not quote");
        assertThat(table(true, true).of(START, runs)).contains("| 700 |").contains("are left out");
    }

    @Test
    void aFailedRunHasNoFigureButAReason() {
        String text = table(false, true).of(START, List.of(failed("penstock", 1)));

        assertThat(text)
                .contains("| ready, ms | – | – | – | ≤ 1000 ms |")
                .contains("1 run(s) of penstock failed: no port")
                .doesNotContain("and more");
    }

    @Test
    void aLineHoldsFiguresProcessesAndConditions() throws Exception {
        ResultLines lines = new ResultLines(List.of(), Map.of("scale_percent", 100));

        JsonNode line = new ObjectMapper().readTree(lines.line(run("penstock", 1, 800, 30)));
        JsonNode failure = new ObjectMapper().readTree(lines.line(failed("kraft", 2)));

        assertThat(line.get("scenario").asText()).isEqualTo("start");
        assertThat(line.at("/figures/0/name").asText()).isEqualTo("ready");
        assertThat(line.at("/figures/0/value").asDouble()).isEqualTo(800);
        assertThat(line.at("/processes/0/cpu_s").asDouble()).isEqualTo(2.5);
        assertThat(line.get("disturbed").asBoolean()).isTrue();
        assertThat(line.get("scale_percent").asInt()).isEqualTo(100);
        assertThat(failure.get("error").asText()).startsWith("no port");
        assertThat(failure.has("figures")).isFalse();
    }
}
