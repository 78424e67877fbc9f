package io.penstock.benchmarks.scenario;

import java.time.Duration;

/**
 * One thing that is compared. A new one is a class of this kind and a line in {@link Scenarios}.
 */
public interface Scenario {

    /** What a scenario finds when it is called, and what is done with it between rounds. */
    enum Lifecycle {
        /** A cluster with empty folders whose processes the scenario starts; new for each round. */
        UNSTARTED,
        /** A started cluster, new for each round. */
        FRESH,
        /** A started cluster that was warmed up once and serves all rounds. */
        KEPT
    }

    Description description();

    default String name() {
        return description().name();
    }

    default Duration limit() {
        return description().limit();
    }

    /** Done once before the first round on a kept cluster, measured by nobody. */
    default void warmUp(Arena arena) throws Exception {}

    Measured measure(Arena arena) throws Exception;
}
