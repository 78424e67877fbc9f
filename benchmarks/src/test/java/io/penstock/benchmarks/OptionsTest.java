package io.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenarios;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
    void namesAndFiguresAreUnique() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
        for (Scenario scenario : Scenarios.all()) {
            assertThat(scenario.figures())
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
