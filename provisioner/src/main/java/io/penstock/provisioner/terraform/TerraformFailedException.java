package io.penstock.provisioner.terraform;

import io.penstock.provisioner.terraform.TerraformEvent.Diagnostic;

import java.util.List;

/**
 * Terraform ended without having done its work. The state holds what it did do; running again goes
 * on from there.
 */
public final class TerraformFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    public TerraformFailedException(String message, List<Diagnostic> diagnostics) {
        super(message);
        this.diagnostics = List.copyOf(diagnostics);
    }

    public TerraformFailedException(String message, Throwable cause) {
        super(message, cause);
        this.diagnostics = List.of();
    }

    /** The errors that Terraform reported; may be empty. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
