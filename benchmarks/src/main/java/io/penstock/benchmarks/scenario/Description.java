package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.scenario.Scenario.Lifecycle;

import java.time.Duration;
import java.util.List;

/**
 * What a scenario is called, asks, needs and shows.
 *
 * @param name as it is given on the command line
 * @param question one line that says what is measured
 * @param limit a run that takes longer has failed
 * @param figures the rows of the table
 */
public record Description(
        String name,
        String question,
        ClusterShape shape,
        Lifecycle lifecycle,
        Duration limit,
        List<Figure> figures) {

    Description(
            String name,
            String question,
            ClusterShape shape,
            Lifecycle lifecycle,
            Duration limit,
            Figure... figures) {
        this(name, question, shape, lifecycle, limit, List.of(figures));
    }
}
