package io.penstock.controlplane.operations;

/** Ends the execution of a step whose operation was cancelled. */
public final class OperationCancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OperationCancelled() {
        super("The operation was cancelled");
    }
}
