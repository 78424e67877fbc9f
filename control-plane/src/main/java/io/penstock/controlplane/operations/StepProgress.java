package io.penstock.controlplane.operations;

/** What a long call reports to, and asks whether it is still wanted. */
public interface StepProgress {
    /** Grows with each execution; what a call with a smaller one does must have no effect. */
    long epoch();

    /** One line for the tenant to read: no secrets. */
    void log(String line);

    /** Whether the operation was cancelled or another worker took it over. */
    boolean isCancelled();
}
