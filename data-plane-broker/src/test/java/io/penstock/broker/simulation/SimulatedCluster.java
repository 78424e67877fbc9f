package io.penstock.broker.simulation;

import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.zk.ZkException;

import org.apache.kafka.common.TopicIdPartition;

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
final class SimulatedCluster implements AutoCloseable {

    private static final Duration RESTART = Duration.ofMillis(500);

    private final SimulatedTime time;
    private final SplittableRandom random;
    private final SimulatedNetwork network;
    private final SimulatedEnsemble ensemble;
    private final List<SimulatedMachine> machines = new ArrayList<>();
    private final List<Optional<SimulatedBroker>> brokers = new ArrayList<>();
    private List<SimulatedBroker> running = List.of();
    private final List<Runnable> afterStep = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final Mutation mutation;
    private BiFunction<Integer, TopicIdPartition, MemoryLog.Onlooker> onlookers =
            (broker, partition) -> MemoryLog.Onlooker.NONE;
    private int incarnations;

    private record Wait(
            long untilNanos, BooleanSupplier condition, Runnable then, Runnable otherwise) {}

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
        return running;
    }

    private void runs(int id, Optional<SimulatedBroker> broker) {
        brokers.set(id, broker);
        running = brokers.stream().flatMap(Optional::stream).toList();
    }

    /** Who sees what is appended, by broker and partition; to be called before any start. */
    void observeAppends(BiFunction<Integer, TopicIdPartition, MemoryLog.Onlooker> seenBy) {
        onlookers = seenBy;
    }

    /** What is to be looked at after every step. */
    void afterStep(Runnable look) {
        afterStep.add(look);
    }

    /**
     * Does something right after the step that makes the condition true.
     *
     * @param otherwise if it is not true in time
     */
    void once(Duration limit, BooleanSupplier condition, Runnable then, Runnable otherwise) {
        waits.add(new Wait(time.nanos() + limit.toNanos(), condition, then, otherwise));
    }

    private void lookAtWaits() {
        if (waits.isEmpty()) {
            return;
        }
        for (Wait wait : List.copyOf(waits)) {
            boolean holds = wait.condition().getAsBoolean();
            if (holds || time.nanos() > wait.untilNanos()) {
                waits.remove(wait);
                (holds ? wait.then() : wait.otherwise()).run();
            }
        }
    }

    /** The brokers that take themselves for the controller: mostly one. */
    List<SimulatedBroker> controllers() {
        return brokers().stream().filter(broker -> broker.membership().isController()).toList();
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
            runs(id, Optional.of(broker));
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
                            runs(id, Optional.empty());
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
        runs(id, Optional.empty());
        network.machineDown(machine.host());
        machine.losePower(new SimulatedProcess(machine.host(), time, random).clock());
    }

    /** Ends all processes, and with them what waits in one of them. */
    @Override
    public void close() {
        brokers().forEach(broker -> broker.process().kill());
    }

    /** Lets the next event happen, and looks. */
    void step() {
        if (!time.step()) {
            throw new IllegalStateException("nothing will ever happen again");
        }
        lookAtWaits();
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
