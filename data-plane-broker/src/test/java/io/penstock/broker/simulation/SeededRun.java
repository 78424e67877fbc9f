package io.penstock.broker.simulation;

/** Runs the simulation of a seed, and says in a failure how to have it again. */
final class SeededRun {

    private SeededRun() {}

    static Simulation.Outcome of(long seed) {
        return of(seed, Mutation.NONE);
    }

    static Simulation.Outcome of(long seed, Mutation mutation) {
        return of(seed, new Simulation(seed, mutation));
    }

    /** Tells what happens as it happens. */
    static Simulation.Outcome told(long seed) {
        Simulation simulation = new Simulation(seed, Mutation.NONE);
        SimulatedTime time = simulation.cluster().time();
        time.onNote(what -> System.out.printf("%,13d µs  %s%n", time.nanos() / 1_000, what));
        return of(seed, simulation);
    }

    private static Simulation.Outcome of(long seed, Simulation simulation) {
        try {
            return simulation.run();
        } catch (Violation | RuntimeException failure) {
            throw new AssertionError(
                    "%s%nReplay it: ./penstock test simulation --seed %d --times 1"
                            .formatted(failure.getMessage(), seed),
                    failure);
        }
    }
}
