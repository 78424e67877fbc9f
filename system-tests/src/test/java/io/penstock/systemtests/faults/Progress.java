package io.penstock.systemtests.faults;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Tells who waits at a terminal how far a scenario is. */
final class Progress {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Progress() {}

    static void say(String scenario, String what) {
        System.out.println("%s  %-44s %s".formatted(TIME.format(LocalTime.now()), scenario, what));
    }
}
