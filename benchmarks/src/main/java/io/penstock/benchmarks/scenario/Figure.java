package io.penstock.benchmarks.scenario;

import java.util.Optional;

/** One number that a scenario measures, as a row of the table. */
public record Figure(String name, String unit, Optional<Aim> aim) {

    public static Figure of(String name, String unit) {
        return new Figure(name, unit, Optional.empty());
    }

    public Figure ratioAtMost(double limit) {
        return new Figure(name, unit, Optional.of(new Aim.Ratio(true, limit)));
    }

    public Figure ratioAtLeast(double limit) {
        return new Figure(name, unit, Optional.of(new Aim.Ratio(false, limit)));
    }

    public Figure atMost(double limit) {
        return new Figure(name, unit, Optional.of(new Aim.Value(limit, unit)));
    }
}
