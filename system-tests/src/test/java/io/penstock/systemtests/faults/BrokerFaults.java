package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Fault.Injury;

import java.util.HashSet;
import java.util.Set;

/** Broker processes that die, freeze or are stopped. */
final class BrokerFaults {

    private BrokerFaults() {}

    static Injury killLeader(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        return kill(scene, leader, led);
    }

    /** What the others lead goes on. */
    static Injury killFollower(Scene scene) throws Exception {
        var partition = scene.somePartition();
        var follower = scene.someOther(scene.topic().leader(partition));
        var ledByOthers = new HashSet<>(scene.allPartitions());
        ledByOthers.removeAll(scene.topic().ledBy(follower));
        return kill(scene, follower, ledByOthers);
    }

    static Injury killController(Scene scene) throws Exception {
        return kill(scene, scene.cluster().controller(), scene.allPartitions());
    }

    private static Injury kill(Scene scene, int broker, Set<Integer> partitions) throws Exception {
        var node = scene.cluster().broker(broker);
        node.kill();
        return Injury.survived(
                partitions,
                () -> {
                    scene.topic().awaitLedByOthers(broker, Limits.SUCCESSION);
                    node.start();
                    node.awaitRunning(Limits.START);
                });
    }

    static Injury killAll(Scene scene) throws Exception {
        for (var broker : scene.cluster().brokers()) {
            broker.signalKill();
        }
        for (var broker : scene.cluster().brokers()) {
            broker.awaitExit();
        }
        return Injury.standstill(scene.allPartitions(), scene.cluster()::startAll);
    }

    /** It wakes when others lead already, and takes itself for the leader still. */
    static Injury freezeLeader(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var node = scene.cluster().broker(leader);
        node.freeze();
        return Injury.survivedByTheImpatient(
                led,
                () -> {
                    scene.topic().awaitLedByOthers(leader, Limits.SUCCESSION);
                    node.thaw();
                });
    }

    static Injury stopLeader(Scene scene) throws Exception {
        var leader = scene.someLeader();
        var led = scene.topic().ledBy(leader);
        var node = scene.cluster().broker(leader);
        node.stop();
        return Injury.survived(
                led,
                () -> {
                    node.start();
                    node.awaitRunning(Limits.START);
                });
    }

    /** Every broker once, each after the one before is in sync again. */
    static Injury rollingRestart(Scene scene) throws Exception {
        for (var broker : scene.cluster().brokers()) {
            broker.stop();
            broker.start();
            broker.awaitRunning(Limits.START);
            scene.topic().awaitAllInSync(Limits.START);
        }
        return Injury.survived(scene.allPartitions(), Fault.Step::nothing);
    }
}
