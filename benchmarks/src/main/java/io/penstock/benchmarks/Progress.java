package io.penstock.benchmarks;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** Says on the error stream what is going on; the table alone goes to the output. */
final class Progress {

    private Progress() {}

    static void say(String message) {
        System.err.println("[" + LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "] " + message);
    }
}
