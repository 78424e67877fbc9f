package io.penstock.broker.simulation;

/** One of the invariants of docs/replication.md does not hold. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    Violation(String invariant, long millis, String what) {
        super("%s is broken after %d ms: %s".formatted(invariant, millis, what));
        this.invariant = invariant;
    }

    /** Its name, as {@code I1}. */
    String invariant() {
        return invariant;
    }
}
