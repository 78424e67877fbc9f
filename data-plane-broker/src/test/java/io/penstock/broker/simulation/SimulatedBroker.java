package io.penstock.broker.simulation;

import io.penstock.broker.controller.ClusterMembership;
import io.penstock.broker.controller.MembershipSettings;
import io.penstock.broker.controller.Surroundings;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** One process of a broker: the real membership and replication, wired as the real broker is. */
final class SimulatedBroker {

    private static final String LISTENER = "INTERNAL";
    private static final int PORT = 9093;

    private final SimulatedMachine machine;
    private final SimulatedProcess process;
    private final SimulatedNetwork network;
    private final MemoryZooKeeperClient zooKeeper;
    private final ClusterMembership membership;

    /**
     * @throws io.penstock.broker.zk.ZkException when ZooKeeper is not reached
     */
    SimulatedBroker(
            SimulatedMachine machine,
            SimulatedProcess process,
            int incarnation,
            SimulatedNetwork network,
            SimulatedEnsemble ensemble,
            SimulatedPeers peers,
            Map<String, String> properties,
            SplittableRandom random) {
        this.machine = machine;
        this.process = process;
        this.network = network;
        this.zooKeeper = ensemble.connect(process, machine.host());
        Surroundings surroundings =
                new Surroundings(
                        zooKeeper,
                        peers,
                        machine.keptSession(),
                        process::scheduler,
                        process.clock(),
                        random::split);
        this.membership =
                ClusterMembership.in(surroundings, settings(machine, incarnation, properties));
    }

    private static MembershipSettings settings(
            SimulatedMachine machine, int incarnation, Map<String, String> properties) {
        return new MembershipSettings(
                machine.brokerId(),
                new Uuid(machine.brokerId() + 1L, incarnation),
                List.of(new Endpoint(LISTENER, machine.host(), PORT, SecurityProtocol.PLAINTEXT)),
                Optional.empty(),
                LISTENER,
                Optional.empty(),
                principal -> true,
                Path.of("unused"),
                new ZkSettings(
                        SimulatedEnsemble.HOST,
                        Duration.ofMillis(SimulatedEnsemble.SESSION_TIMEOUT_MILLIS),
                        Duration.ofSeconds(10),
                        Map.of()),
                properties);
    }

    /** In the order of the real broker's start; a failure of any part ends the process. */
    void start(Runnable exit) {
        membership
                .endLeftOverSession()
                .thenCompose(
                        done -> {
                            network.listen(machine.host(), process);
                            return membership.join(machine.runRecord());
                        })
                .whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                exit.run();
                            }
                        });
    }

    int id() {
        return machine.brokerId();
    }

    SimulatedMachine machine() {
        return machine;
    }

    SimulatedProcess process() {
        return process;
    }

    MemoryZooKeeperClient zooKeeper() {
        return zooKeeper;
    }

    ClusterMembership membership() {
        return membership;
    }

    ClusterImage image() {
        return membership.metadata().current();
    }

    InternalRequests internalRequests() {
        return membership.internalRequests();
    }
}
