package io.penstock.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.MapEntry;
import org.junit.jupiter.api.Test;

import java.util.Map;

class ThreadGroupsTest {

    @Test
    void numbersDoNotTellGroupsApart() {
        assertThat(ThreadGroups.groupOf("client-loop-1-3")).isEqualTo("client-loop");
        assertThat(ThreadGroups.groupOf("log-flush")).isEqualTo("log-flush");
        assertThat(ThreadGroups.groupOf("C2 CompilerThre")).isEqualTo("JIT compiler");
        assertThat(ThreadGroups.groupOf("GC Thread#0")).isEqualTo("garbage collector");
        assertThat(ThreadGroups.groupOf("G1 Conc#0")).isEqualTo("garbage collector");
        assertThat(ThreadGroups.groupOf("JFR Periodic Ta")).isEqualTo("JFR");
    }

    @Test
    void sharesAreOfWhatWasUsedInBetween() {
        Map<String, Double> shares =
                ThreadGroups.shares(
                        Map.of("loop-1", 10.0, "main", 5.0),
                        Map.of("loop-1", 11.0, "loop-2", 2.0, "log-flush", 1.0, "main", 5.0));

        assertThat(shares)
                .containsExactly(MapEntry.entry("loop", 75.0), MapEntry.entry("log-flush", 25.0));
    }
}
