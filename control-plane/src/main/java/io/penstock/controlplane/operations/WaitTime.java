package io.penstock.controlplane.operations;

import io.penstock.controlplane.api.ProblemException;

import java.time.Duration;

/** How long a caller waits for the end of an operation: {@code 30s}, at most a minute. */
final class WaitTime {
    private static final int MAXIMUM_SECONDS = 60;

    private WaitTime() {}

    static Duration parse(String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        if (text.matches("[0-9]{1,3}s")) {
            int seconds = Integer.parseInt(text.substring(0, text.length() - 1));
            if (seconds <= MAXIMUM_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        }
        throw ProblemException.invalid("/wait", "wait must be seconds up to 60s, for example 30s");
    }
}
