package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.faults.Fault.Injury;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * Wall clocks that jump, by less than the hour beyond which a broker may refuse timestamps. Nobody
 * may lose a registration by it: leases and sessions are measured on the monotonic clock.
 */
final class ClockFaults {
    private static final int MOST_SECONDS = 50 * 60;
    private static final int LEAST_SECONDS = 60;
    private static final Duration UNTIL_SEEN = Duration.ofSeconds(30);
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(8);

    private ClockFaults() {}

    static Injury jumpAtLeader(Scene scene) throws Exception {
        return jump(scene, scene.someLeader());
    }

    static Injury jumpAtController(Scene scene) throws Exception {
        return jump(scene, scene.cluster().controller());
    }

    private static Injury jump(Scene scene, int broker) throws Exception {
        var seconds = scene.random().nextInt(LEAST_SECONDS, MOST_SECONDS);
        var ahead = Duration.ofSeconds(scene.random().nextBoolean() ? seconds : -seconds);
        var node = scene.cluster().broker(broker);
        var registrations = new Registrations(scene.cluster().brokers());
        scene.cluster().clock(broker).move(ahead);
        await(node.name() + " sees its clock jump by " + ahead)
                .atMost(UNTIL_SEEN)
                .until(() -> differsBy(ahead, node.wallClock()));
        return Injury.survived(scene.allPartitions(), () -> staysRegistered(registrations));
    }

    private static void staysRegistered(Registrations registrations) {
        await("no broker is taken for dead")
                .atMost(LONGER_THAN_A_SESSION.multipliedBy(3))
                .during(LONGER_THAN_A_SESSION)
                .until(
                        () -> {
                            registrations.look();
                            return registrations.lost() == 0;
                        });
    }

    /** The first line that has a date, as in {@code 2026-01-31T12:00:00.000+0000: 5.1 s}. */
    private static boolean differsBy(Duration ahead, String wallClock) {
        var seen =
                wallClock
                        .lines()
                        .filter(line -> line.matches("\\d{4}-.*"))
                        .map(line -> LocalDateTime.parse(line.substring(0, 19)))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("No date in " + wallClock));
        var expected = LocalDateTime.now(ZoneId.systemDefault()).plus(ahead);
        return Duration.between(expected, seen).abs().compareTo(Duration.ofSeconds(10)) < 0;
    }
}
