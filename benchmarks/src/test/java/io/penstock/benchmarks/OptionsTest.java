package io.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenarios;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

class OptionsTest {

    private static Options parse(String... arguments) {
        return Options.parse(List.of(arguments), Path.of("/caller"));
    }

    @Test
    void withoutArgumentsEverythingRacesAgainstKraft() {
        Options options = parse();

        assertThat(options.scenarios())
                .extracting(Scenario::name)
                .isEqualTo(Scenarios.all().stream().map(Scenario::name).toList());
        assertThat(options.peers()).containsExactly("kraft");
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.scalePercent()).isEqualTo(100);
    }

    @Test
    void scenariosAndOptionsMayBeMixed() {
        Options options =
                parse("lz4", "--peer", "kraft,zookeeper-tuned", "start", "--json", "x.jsonl");

        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("lz4", "start");
        assertThat(options.peers()).containsExactly("kraft", "zookeeper-tuned");
        assertThat(options.json()).contains(Path.of("/caller/x.jsonl"));
    }

    @Test
    void aSmokeRunIsSmallAndDoesNotWait() {
        Options options = parse("--smoke");

        assertThat(options.scalePercent()).isEqualTo(2);
        assertThat(options.rounds()).isEqualTo(1);
        assertThat(options.quietLimit()).isEqualTo(Duration.ZERO);
    }

    @Test
    void ourSideMayRunAlone() {
        assertThat(parse("--peer", "none").peers()).isEmpty();
    }

    @Test
    void whatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> parse("fast")).hasMessage("there is no scenario fast");
        assertThatThrownBy(() -> parse("--fast")).hasMessage("bench has no option --fast");
        assertThatThrownBy(() -> parse("--peer", "redpanda")).hasMessageContaining("redpanda");
        assertThatThrownBy(() -> parse("--rounds", "0")).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> parse("--rounds")).hasMessageContaining("takes a value");
    }

    @Test
    void theUsageNamesEveryScenarioAndEveryOptionThatThereIs() throws IOException {
        String usage = Bench.usage();

        assertThat(usage.substring(usage.indexOf("all by default:\n") + 16).lines())
                .containsExactlyElementsOf(
                        Scenarios.all().stream()
                                .map(
                                        scenario ->
                                                String.format(
                                                        "  %-20s %s",
                                                        scenario.name(),
                                                        scenario.description().question()))
                                .toList());
        assertThat(Options.PEERS).allSatisfy(peer -> assertThat(usage).contains(peer));
        List<String> options =
                Pattern.compile("(?m)^  (--[a-z]+)( [A-Z]+)?")
                        .matcher(usage)
                        .results()
                        .map(option -> option.group(1) + (option.group(2) == null ? "" : " 1"))
                        .toList();
        assertThat(options).hasSize(8);
        for (String option : options) {
            parse(option.replace("--peer 1", "--peer none").split(" "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "../README.md"})
    void theCommandsThatAreShownAreUnderstood(String page) throws IOException {
        List<String> commands =
                Pattern.compile("(?m)^\\./penstock bench(.*?)(?: #.*)?$")
                        .matcher(Files.readString(Path.of(page)))
                        .results()
                        .map(command -> command.group(1).strip())
                        .filter(arguments -> !arguments.equals("--help"))
                        .toList();

        assertThat(commands).isNotEmpty();
        for (String arguments : commands) {
            parse(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        }
    }

    @Test
    void namesAndFiguresAreUnique() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
        for (Scenario scenario : Scenarios.all()) {
            assertThat(scenario.description().figures())
                    .as(scenario.name())
                    .isNotEmpty()
                    .extracting(figure -> figure.name())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void sidesTakeTurnsInGoingFirst() {
        List<String> sides = List.of("a", "b", "c");

        assertThat(RoundOrder.of(1, sides)).containsExactly("a", "b", "c");
        assertThat(RoundOrder.of(2, sides)).containsExactly("c", "b", "a");
        assertThat(RoundOrder.of(3, sides)).containsExactly("a", "b", "c");
    }
}
