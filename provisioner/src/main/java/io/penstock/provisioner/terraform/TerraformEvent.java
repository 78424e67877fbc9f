package io.penstock.provisioner.terraform;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of what Terraform reports while it runs. */
public sealed interface TerraformEvent {
    /** In words, as Terraform puts it. */
    String message();

    /** An event that concerns one resource. */
    sealed interface OfResource extends TerraformEvent {
        Pattern NODE = Pattern.compile("\\[\"([^\"]+)\"]$");

        /** For example {@code module.platform.terraform_data.node["broker-0"]}. */
        String address();

        /** The name of the node that the resource belongs to, where it belongs to one. */
        default Optional<String> node() {
            Matcher matcher = NODE.matcher(address());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
    }

    /**
     * What will be done to a resource: {@code create}, {@code update}, {@code replace}, {@code
     * delete}.
     */
    record Planned(String address, String action, String message) implements OfResource {}

    record Started(String address, String action, String message) implements OfResource {}

    record Progress(String address, String action, long elapsedSeconds, String message)
            implements OfResource {}

    record Completed(String address, String action, long elapsedSeconds, String message)
            implements OfResource {}

    record Failed(String address, String action, long elapsedSeconds, String message)
            implements OfResource {}

    /** A line that a node's driver printed. */
    record DriverOutput(String address, String message) implements OfResource {}

    record Diagnostic(Severity severity, String summary, String detail) implements TerraformEvent {
        /** How bad it is; only an error makes the run fail. */
        public enum Severity {
            WARNING,
            ERROR
        }

        @Override
        public String message() {
            return detail.isEmpty() ? summary : summary + ": " + detail;
        }
    }

    record Summary(int added, int changed, int removed, String operation, String message)
            implements TerraformEvent {}

    /** Anything else. */
    record Message(String message) implements TerraformEvent {}
}
