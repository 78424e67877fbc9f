package io.penstock.systemtests.faults;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** Tells who waits at a terminal how far a scenario is. */
final class Progress {
    private Progress() {}

    static void say(String scenario, String what) {
        System.out.println(
                "%s  %-44s %s"
                        .formatted(
                                LocalTime.now().truncatedTo(ChronoUnit.SECONDS), scenario, what));
    }
}
