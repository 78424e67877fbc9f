package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.testing.QuietLog;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each fault that is put back is found: the figures of docs/simulation.md. {@code
 * -Dpenstock.seed} and {@code -Dpenstock.times} say by which lives.
 */
@Tag("simulation")
@ExtendWith(QuietLog.class)
class FaultSearchTest {

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void faultsAreSearched(Mutation fault) {
        MutatedCode code = new MutatedCode(fault);
        long first = Long.getLong("penstock.seed", 0);
        long count = Long.getLong("penstock.times", 40);
        Map<String, List<Long>> found = new TreeMap<>();
        for (long seed = first; seed < first + count; seed++) {
            String invariant = code.findBy(seed);
            if (!invariant.isEmpty()) {
                found.computeIfAbsent(invariant, name -> new ArrayList<>()).add(seed);
            }
        }
        System.out.printf("%s: %s%n", fault, found);
        assertThat(found.isEmpty()).as("not found").isEqualTo(fault.isGuardedTwice());
    }
}
