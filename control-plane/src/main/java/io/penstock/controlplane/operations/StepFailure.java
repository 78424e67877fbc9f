package io.penstock.controlplane.operations;

/** Ends an operation: trying again would not help. Code and message are read by the tenant. */
public final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public StepFailure(String code, String detail) {
        super(detail);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
