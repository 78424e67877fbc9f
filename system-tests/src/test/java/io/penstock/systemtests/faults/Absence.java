package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** How long a fault itself lasts, where its length is what the scenario is about. */
final class Absence {
    private Absence() {}

    static void last(Duration duration) {
        var began = System.nanoTime();
        await().atMost(duration.plusMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> System.nanoTime() - began >= duration.toNanos());
    }
}
