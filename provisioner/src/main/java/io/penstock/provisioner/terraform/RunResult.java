package io.penstock.provisioner.terraform;

import java.time.Duration;

/** How a command under the runner ended. */
sealed interface RunResult {
    String describe(String command);

    record Succeeded() implements RunResult {
        @Override
        public String describe(String command) {
            return command + " succeeded";
        }
    }

    record Failed(int exitStatus) implements RunResult {
        @Override
        public String describe(String command) {
            return "`" + command + "` ended with status " + exitStatus;
        }
    }

    /** It was interrupted because it took too long. */
    record TimedOut(Duration limit) implements RunResult {
        @Override
        public String describe(String command) {
            return "`" + command + "` was interrupted after " + limit;
        }
    }

    /** An earlier run of the same cluster did not end in time. */
    record Busy() implements RunResult {
        @Override
        public String describe(String command) {
            return "`" + command + "` did not start, because an earlier run has not ended";
        }
    }

    /** A younger epoch has taken this cluster over. */
    record Superseded() implements RunResult {
        @Override
        public String describe(String command) {
            return "`" + command + "` was refused, because another control plane has taken over";
        }
    }
}
