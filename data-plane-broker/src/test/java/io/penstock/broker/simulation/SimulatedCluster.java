package io.penstock.broker.simulation;

import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.zk.ZkException;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** ZooKeeper, machines, brokers and the network between them, on one virtual time. */
final class SimulatedCluster {

    private static final Duration RESTART = Duration.ofMillis(500);

    private final SimulatedTime time;
    private final SplittableRandom random;
    private final SimulatedNetwork network;
    private final SimulatedEnsemble ensemble;
    private final List<SimulatedMachine> machines = new ArrayList<>();
    private final List<Optional<SimulatedBroker>> brokers = new ArrayList<>();
    private final List<Runnable> afterStep = new ArrayList<>();
    private final Mutation mutation;
    private BiFunction<Integer, TopicPartition, MemoryLog.Onlooker> onlookers =
            (broker, partition) -> MemoryLog.Onlooker.NONE;
    private int incarnations;

    SimulatedCluster(long seed, int size, Mutation mutation) {
        this.random = new SplittableRandom(seed);
        this.time = new SimulatedTime(random.nextLong());
        this.network = new SimulatedNetwork(time, random.split());
        this.ensemble = new SimulatedEnsemble(time, network, random.split(), mutation);
        this.mutation = mutation;
        for (int id = 0; id < size; id++) {
            machines.add(new SimulatedMachine(id, random.split(), mutation));
            brokers.add(Optional.empty());
        }
    }

    SimulatedTime time() {
        return time;
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedEnsemble ensemble() {
        return ensemble;
    }

    List<SimulatedMachine> machines() {
        return machines;
    }

    /** The broker's process, if it has one. */
    Optional<SimulatedBroker> broker(int id) {
        return brokers.get(id);
    }

    List<SimulatedBroker> brokers() {
        return brokers.stream().flatMap(Optional::stream).toList();
    }

    /** Who sees what is appended, by broker and partition; to be called before any start. */
    void observeAppends(BiFunction<Integer, TopicPartition, MemoryLog.Onlooker> seenBy) {
        onlookers = seenBy;
    }

    /** What is to be looked at after every step. */
    void afterStep(Runnable look) {
        afterStep.add(look);
    }

    /** Starts the broker's next process, unless it has one. */
    void start(int id) {
        if (brokers.get(id).isPresent()) {
            return;
        }
        SimulatedMachine machine = machines.get(id);
        incarnations++;
        SimulatedProcess process =
                new SimulatedProcess(machine.host() + "." + incarnations, time, random.split());
        network.machineUp(machine.host());
        machine.nextProcess(process.clock());
        try {
            SimulatedBroker broker = new SimulatedBroker(machine, process, world(machine, process));
            brokers.set(id, Optional.of(broker));
            broker.start(() -> restart(id, process));
        } catch (ZkException unreachable) {
            process.kill();
            startLater(id);
        }
    }

    private SimulatedBroker.World world(SimulatedMachine machine, SimulatedProcess process) {
        Function<String, SimulatedBroker> listening = host -> brokers.get(idOf(host)).orElseThrow();
        return new SimulatedBroker.World(
                network,
                ensemble.connect(process, machine.host()),
                new SimulatedPeers(network, process, machine.host(), listening),
                listening,
                partition -> onlookers.apply(machine.brokerId(), partition),
                incarnations,
                Map.of(),
                random.split());
    }

    private static int idOf(String host) {
        return Integer.parseInt(host.substring(host.indexOf('-') + 1));
    }

    private void restart(int id, SimulatedProcess process) {
        if (brokers.get(id).filter(b -> b.process() == process).isPresent()) {
            kill(id);
            startLater(id);
        }
    }

    private void startLater(int id) {
        time.after(RESTART, "supervisor", () -> start(id));
    }

    /** As {@code kill -9}: the process is gone, and its connections end. */
    void kill(int id) {
        brokers.get(id)
                .ifPresent(
                        broker -> {
                            broker.process().kill();
                            brokers.set(id, Optional.empty());
                            network.processEnded(machines.get(id).host(), broker.process());
                        });
    }

    /** A controlled stop, as long as it takes; {@code then} if the process ends by it. */
    void stopCleanly(int id, Runnable then) {
        brokers.get(id)
                .filter(broker -> broker.process().isRunning())
                .ifPresent(
                        broker ->
                                broker.stop(
                                        () -> {
                                            if (brokers.get(id).equals(Optional.of(broker))) {
                                                kill(id);
                                                then.run();
                                            }
                                        }));
    }

    /** The machine stops at once: nobody is told, and what was not flushed may be gone. */
    void losePower(int id) {
        SimulatedMachine machine = machines.get(id);
        brokers.get(id).ifPresent(broker -> broker.process().kill());
        brokers.set(id, Optional.empty());
        network.machineDown(machine.host());
        machine.losePower(new SimulatedProcess(machine.host(), time, random).clock());
    }

    /** Lets the next event happen, and looks. */
    void step() {
        if (!time.step()) {
            throw new IllegalStateException("nothing will ever happen again");
        }
        afterStep.forEach(Runnable::run);
    }

    void runFor(Duration duration) {
        long until = time.nanos() + duration.toNanos();
        boolean[] reached = {false};
        time.atNanos(until, "until", () -> reached[0] = true);
        while (!reached[0]) {
            step();
        }
    }

    /** Whether the condition came true within the time. */
    boolean runUntil(Duration limit, BooleanSupplier condition) {
        long until = time.nanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (time.nanos() > until) {
                return false;
            }
            step();
        }
        return true;
    }
}
