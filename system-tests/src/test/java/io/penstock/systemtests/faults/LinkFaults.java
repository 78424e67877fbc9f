package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Fault.Injury;

import java.time.Duration;
import java.util.HashSet;

/** Links that lose everything without telling anybody; all longer than a session. */
final class LinkFaults {
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(12);

    private LinkFaults() {}

    /**
     * Two brokers do not reach each other; clients, ZooKeeper and the controller reach both. A
     * follower that does not ask any more leaves after its silence, not only after it lagged for
     * long.
     */
    static Injury betweenBrokers(Scene scene) throws Exception {
        var controller = scene.cluster().controller();
        var one = scene.someOther(controller);
        var other = scene.thirdThan(controller, one);
        var links = scene.cluster().links();
        links.cut(broker(one), broker(other));
        scene.topic().awaitSeparated(one, other, Limits.SEPARATION);
        return Injury.survived(scene.allPartitions(), () -> links.heal(broker(one)));
    }

    /** What one sends does not reach the other; what the other sends arrives. */
    static Injury oneWayBetweenBrokers(Scene scene) throws Exception {
        var controller = scene.cluster().controller();
        var mute = scene.someOther(controller);
        var deaf = scene.thirdThan(controller, mute);
        var links = scene.cluster().links();
        links.cutOneWay(broker(mute), broker(deaf));
        scene.topic().awaitSeparated(mute, deaf, Limits.SEPARATION);
        return Injury.survived(scene.allPartitions(), () -> links.heal(broker(mute)));
    }

    /**
     * A broker does not reach the controller, and is alive for ZooKeeper: it goes round, through
     * the third broker, to take the controller out of the sets of in-sync replicas.
     */
    static Injury betweenBrokerAndController(Scene scene) throws Exception {
        var controller = scene.cluster().controller();
        var broker = scene.someOther(controller);
        var links = scene.cluster().links();
        links.cut(broker(broker), broker(controller));
        scene.topic().awaitSeparated(broker, controller, Limits.SEPARATION);
        return Injury.survived(scene.allPartitions(), () -> links.heal(broker(broker)));
    }

    /** A leader that ZooKeeper does not hear of any more, but clients and followers do. */
    static Injury betweenBrokerAndZooKeeper(Scene scene) throws Exception {
        return cutFromZooKeeper(scene, scene.someLeader());
    }

    /** A controller that does not hear of its successor. */
    static Injury betweenControllerAndZooKeeper(Scene scene) throws Exception {
        return cutFromZooKeeper(scene, scene.cluster().controller());
    }

    private static Injury cutFromZooKeeper(Scene scene, int broker) throws Exception {
        var led = scene.topic().ledBy(broker);
        var links = scene.cluster().links();
        for (var server : scene.cluster().zooKeepers()) {
            links.cut(broker(broker), server.name());
        }
        scene.topic().awaitLedByOthers(broker, Limits.SUCCESSION);
        return Injury.survived(
                led.isEmpty() ? scene.allPartitions() : led, () -> links.heal(broker(broker)));
    }

    /** A leader's heartbeats are lost; what ZooKeeper sends arrives. */
    static Injury oneWayFromBrokerToZooKeeper(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var links = scene.cluster().links();
        for (var server : scene.cluster().zooKeepers()) {
            links.cutOneWay(broker(leader), server.name());
        }
        scene.topic().awaitLedByOthers(leader, Limits.SUCCESSION);
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
                    scene.topic().awaitLedByOthers(leader, Limits.SUCCESSION);
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
