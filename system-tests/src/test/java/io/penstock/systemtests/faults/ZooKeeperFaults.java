package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Fault.Injury;

import java.time.Duration;

/** ZooKeeper servers that die. */
final class ZooKeeperFaults {

    private ZooKeeperFaults() {}

    static Injury killOne(Scene scene) throws Exception {
        var node = scene.some(scene.cluster().zooKeepers());
        node.kill();
        return Injury.survived(
                scene.allPartitions(),
                () -> {
                    node.start();
                    node.awaitRunning(Limits.START);
                });
    }

    /** The whole ensemble is away for that long, which is more than a session. */
    static Fault killAllFor(Duration absence) {
        return scene -> {
            var nodes = scene.cluster().zooKeepers();
            for (var node : nodes) {
                node.kill();
            }
            Absence.last(absence);
            return Injury.survived(scene.allPartitions(), scene.cluster()::startAll);
        };
    }
}
