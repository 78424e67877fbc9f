package io.penstock.provisioner.terraform;

import java.util.List;

/** Terraform's command lines; the executable is put in by the runner. Nothing secret is on them. */
final class TerraformCommand {
    /** Stands for the executable as the settings name it. */
    static final String EXECUTABLE = "terraform";

    private static final String LOCK = "-lock-timeout=60s";

    private TerraformCommand() {}

    static List<String> init() {
        return List.of(EXECUTABLE, "init", "-reconfigure", "-input=false", "-no-color", LOCK);
    }

    static List<String> pushEmptyState() {
        return List.of(EXECUTABLE, "state", "push", LOCK, WorkspaceFolder.EMPTY_STATE);
    }

    static List<String> apply() {
        return List.of(EXECUTABLE, "apply", "-auto-approve", "-json", "-input=false", LOCK);
    }

    static List<String> destroy() {
        return List.of(EXECUTABLE, "destroy", "-auto-approve", "-json", "-input=false", LOCK);
    }
}
