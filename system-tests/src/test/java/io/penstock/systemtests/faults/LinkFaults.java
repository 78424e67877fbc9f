package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Fault.Injury;

import java.time.Duration;
import java.util.HashSet;

/** Links that lose everything without telling anybody; all longer than a session. */
final class LinkFaults {
    private static final Duration SUCCESSION_LIMIT = Duration.ofSeconds(90);
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(12);

    private LinkFaults() {}

    /** A leader and one of its followers do not reach each other; clients reach both. */
    static Injury betweenBrokers(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var follower = scene.someOther(leader);
        var links = scene.cluster().links();
        links.cut(broker(leader), broker(follower));
        Absence.last(LONGER_THAN_A_SESSION);
        return Injury.survived(scene.allPartitions(), () -> links.heal(broker(leader)));
    }

    /** What a leader sends does not reach one follower; what the follower sends arrives. */
    static Injury oneWayBetweenBrokers(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var follower = scene.someOther(leader);
        var links = scene.cluster().links();
        links.cutOneWay(broker(leader), broker(follower));
        Absence.last(LONGER_THAN_A_SESSION);
        return Injury.survived(scene.allPartitions(), () -> links.heal(broker(leader)));
    }

    /** A leader that ZooKeeper does not hear of any more, but clients and followers do. */
    static Injury betweenBrokerAndZooKeeper(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var links = scene.cluster().links();
        for (var server : scene.cluster().zooKeepers()) {
            links.cut(broker(leader), server.name());
        }
        scene.topic().awaitLedByOthers(leader, SUCCESSION_LIMIT);
        return Injury.survived(led, () -> links.heal(broker(leader)));
    }

    /** A leader's heartbeats are lost; what ZooKeeper sends arrives. */
    static Injury oneWayFromBrokerToZooKeeper(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var links = scene.cluster().links();
        for (var server : scene.cluster().zooKeepers()) {
            links.cutOneWay(broker(leader), server.name());
        }
        scene.topic().awaitLedByOthers(leader, SUCCESSION_LIMIT);
        return Injury.survived(led, () -> links.heal(broker(leader)));
    }

    /** Nobody reaches a leader, clients neither. */
    static Injury isolatedLeader(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var links = scene.cluster().links();
        links.isolate(broker(leader));
        return Injury.survivedByTheImpatient(
                led,
                () -> {
                    scene.topic().awaitLedByOthers(leader, SUCCESSION_LIMIT);
                    links.heal(broker(leader));
                });
    }

    /** A broker that neither other broker hears; it hears them, ZooKeeper and clients. */
    static Injury muteTowardsBrokers(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var others = new HashSet<>(scene.cluster().plan().brokerNames());
        others.remove(broker(leader));
        var links = scene.cluster().links();
        for (var other : others) {
            links.cutOneWay(broker(leader), other);
        }
        Absence.last(LONGER_THAN_A_SESSION);
        return Injury.standstill(scene.allPartitions(), () -> links.heal(broker(leader)));
    }

    private static String broker(int id) {
        return "broker-" + id;
    }
}
