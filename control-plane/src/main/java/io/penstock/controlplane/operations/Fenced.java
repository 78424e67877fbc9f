package io.penstock.controlplane.operations;

/** Ends an execution that another one has replaced: it must not write any more. */
final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fenced(String operation) {
        super("Another worker runs operation " + operation);
    }
}
