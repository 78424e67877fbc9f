package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.measure.Usage;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one run of a scenario against one side gave. */
public record Measured(Map<String, Double> figures, Usage usage) {

    public Measured {
        figures = Map.copyOf(figures);
    }

    /** Collects figures in the order of the table. */
    public static Builder with(String name, double value) {
        return new Builder().and(name, value);
    }

    public static final class Builder {
        private final Map<String, Double> figures = new LinkedHashMap<>();

        public Builder and(String name, double value) {
            figures.put(name, value);
            return this;
        }

        public Measured used(Usage usage) {
            return new Measured(figures, usage);
        }
    }
}
