package io.penstock.broker.simulation;

/** Runs the simulation of a seed, and says in a failure how to have it again. */
final class SeededRun {

    private SeededRun() {}

    static Simulation.Outcome of(long seed) {
        return of(seed, Mutation.NONE);
    }

    static Simulation.Outcome of(long seed, Mutation mutation) {
        try {
            return new Simulation(seed, mutation).run();
        } catch (Violation | RuntimeException failure) {
            throw new AssertionError(
                    "%s%nReplay it: ./penstock test simulation --seed %d --times 1"
                            .formatted(failure.getMessage(), seed),
                    failure);
        }
    }
}
