package io.penstock.broker.simulation;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.simulation.SimulatedNetwork.Route;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Does to the cluster what the seed draws: kills, stops, freezes, cuts, jumps, and changes topics
 * meanwhile. Everything that it breaks it mends after a while. It never takes more page caches at
 * once than the cluster promises to survive: one, or all where records are on disk before they
 * count.
 */
final class Nemesis {

    private static final int LONGEST_PAUSE_MILLIS = 2_500;
    private static final int SHORT_MILLIS = 1_500;
    private static final int LONG_MILLIS = 14_000;
    private static final int SLOW_MILLIS = 300;
    private static final int VERY_SLOW_MILLIS = 9_000;
    private static final int SLOW_WRITE_MILLIS = 400;
    private static final int BETWEEN_WRITES_MILLIS = 60;

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final Supplier<ClusterImage> committed;
    private final TopicChanges topics;
    private final AimedFaults aimed;
    private final int kinds;
    private final boolean durable;
    private boolean stopped;

    /** What can be done. */
    private enum Fault {
        KILL,
        KILL_CONTROLLER,
        KILL_ALL,
        LOSE_POWER,
        STOP_CLEANLY,
        FREEZE,
        CUT_BROKERS,
        CUT_FROM_ZOOKEEPER,
        ISOLATE,
        ZOOKEEPER_AWAY,
        ZOOKEEPER_SHAKY,
        ZOOKEEPER_SLOW,
        JUMP_CLOCK,
        STALL_THREAD,
        SLOW_DISK,
        DELETE_OR_CREATE_TOPIC,
        GROW_TOPIC,
        REASSIGN,
        CONTROLLER_OUTLIVES_ITS_TERM,
        POWER_LOSS_OVERTAKES_A_PROPOSAL,
        LEADER_HEARS_LATE_WHO_JOINED,
        ANSWER_AFTER_AN_ELECTION,
        REJECT
    }

    /**
     * @param rejecting whether connections of brokers that live may be refused in their name
     * @param durable whether several machines may lose power at once
     */
    Nemesis(
            SimulatedCluster cluster,
            TopicChanges topics,
            SplittableRandom random,
            boolean rejecting,
            boolean durable,
            Supplier<ClusterImage> committed) {
        this.cluster = cluster;
        this.kinds = Fault.values().length - (rejecting ? 0 : 1);
        this.random = random;
        this.durable = durable;
        this.committed = committed;
        this.topics = topics;
        this.aimed =
                new AimedFaults(cluster, random.split(), committed, topics, this::mayLosePower);
    }

    void start() {
        cluster.time()
                .after(
                        Duration.ofMillis(1 + random.nextInt(LONGEST_PAUSE_MILLIS)),
                        "nemesis",
                        () -> {
                            if (!stopped) {
                                act(Fault.values()[random.nextInt(kinds)]);
                                start();
                            }
                        });
    }

    /** Mends everything, and leaves the cluster alone from now on. */
    void stop() {
        stopped = true;
        aimed.stop();
        cluster.network().mendAll();
        cluster.ensemble().start();
        cluster.ensemble().shake(false);
        cluster.ensemble().slow(0);
        for (int id = 0; id < cluster.machines().size(); id++) {
            cluster.broker(id)
                    .ifPresent(
                            broker -> {
                                broker.process().resume();
                                broker.process().release(thread -> true);
                            });
            cluster.start(id);
        }
    }

    private void act(Fault fault) {
        int id = random.nextInt(cluster.machines().size());
        cluster.time().note(fault + " " + id);
        switch (fault) {
            case KILL -> kill(id);
            case KILL_CONTROLLER -> {
                for (SimulatedBroker broker : cluster.brokers()) {
                    if (broker.membership().isController()) {
                        kill(broker.id());
                    }
                }
            }
            case KILL_ALL -> {
                if (random.nextInt(4) == 0) {
                    for (int each = 0; each < cluster.machines().size(); each++) {
                        kill(each);
                    }
                }
            }
            case LOSE_POWER -> {
                if (durable) {
                    loseAnyPower(id);
                } else {
                    losePower(id);
                }
            }
            case STOP_CLEANLY -> cluster.stopCleanly(id, () -> later(() -> cluster.start(id)));
            case FREEZE -> freeze(id);
            case CUT_BROKERS -> {
                int other = random.nextInt(cluster.machines().size());
                cut(host(id), host(other));
            }
            case CUT_FROM_ZOOKEEPER -> cut(host(id), SimulatedEnsemble.HOST);
            case ISOLATE -> {
                for (int other = 0; other < cluster.machines().size(); other++) {
                    cut(new Route(host(id), host(other)));
                    cut(new Route(host(other), host(id)));
                }
                if (random.nextBoolean()) {
                    cut(new Route(host(id), SimulatedEnsemble.HOST));
                }
            }
            case REJECT -> {
                cluster.network().reject(host(id));
                later(() -> cluster.network().admit(host(id)));
            }
            case ZOOKEEPER_AWAY -> {
                cluster.ensemble().stop();
                later(cluster.ensemble()::start);
            }
            case ZOOKEEPER_SHAKY -> {
                cluster.ensemble().shake(true);
                later(() -> cluster.ensemble().shake(false));
            }
            case ZOOKEEPER_SLOW -> {
                boolean extreme = random.nextInt(3) == 0;
                cluster.ensemble()
                        .slow(1 + random.nextInt(extreme ? VERY_SLOW_MILLIS : SLOW_MILLIS));
                later(() -> cluster.ensemble().slow(0));
            }
            case JUMP_CLOCK ->
                    cluster.broker(id)
                            .ifPresent(
                                    broker ->
                                            broker.process()
                                                    .jumpWallClock(
                                                            random.nextInt(-1_500_000, 600_000)));
            case STALL_THREAD -> stallThread(id);
            case SLOW_DISK -> {
                boolean[] mended = {false};
                cluster.broker(id).ifPresent(broker -> writeSlowly(broker.process(), mended));
                later(() -> mended[0] = true);
            }
            case DELETE_OR_CREATE_TOPIC -> topics.deleteOrCreate();
            case GROW_TOPIC -> topics.grow();
            case REASSIGN -> topics.reassign();
            case CONTROLLER_OUTLIVES_ITS_TERM -> aimed.controllerOutlivesItsTerm();
            case POWER_LOSS_OVERTAKES_A_PROPOSAL -> aimed.powerLossOvertakesAProposal();
            case LEADER_HEARS_LATE_WHO_JOINED -> aimed.leaderHearsLateWhoJoined();
            case ANSWER_AFTER_AN_ELECTION -> aimed.answerComesAfterAnElection();
        }
    }

    private String host(int id) {
        return cluster.machines().get(id).host();
    }

    private void kill(int id) {
        cluster.kill(id);
        later(() -> cluster.start(id));
    }

    /** One machine or, as often, all of them. */
    private void loseAnyPower(int id) {
        boolean all = random.nextBoolean();
        for (int each = 0; each < cluster.machines().size(); each++) {
            if (all || each == id) {
                int lost = each;
                cluster.losePower(lost);
                later(() -> cluster.start(lost));
            }
        }
    }

    private void losePower(int id) {
        if (mayLosePower(id)) {
            cluster.losePower(id);
            later(() -> cluster.start(id));
        }
    }

    private boolean mayLosePower(int id) {
        for (int other = 0; other < cluster.machines().size(); other++) {
            if (other != id && !isWhole(other)) {
                return false;
            }
        }
        return true;
    }

    /** Since its machine stopped the broker has come back into all its in-sync replica sets. */
    private boolean isWhole(int id) {
        SimulatedMachine machine = cluster.machines().get(id);
        if (machine.boots() == 0) {
            return true;
        }
        ClusterImage image = committed.get();
        BrokerRegistration known = image.brokers().get(id);
        if (known == null || machine.lostPowerSince(known.incarnation())) {
            return false;
        }
        for (TopicState topic : image.topics().values()) {
            for (PartitionState state : topic.partitions()) {
                if (state.replicas().contains(id) && !state.inSync().contains(id)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void freeze(int id) {
        cluster.broker(id)
                .filter(broker -> broker.process().isRunning())
                .ifPresent(
                        broker -> {
                            broker.process().pause();
                            later(broker.process()::resume);
                        });
    }

    private void stallThread(int id) {
        cluster.broker(id)
                .map(SimulatedBroker::process)
                .ifPresent(
                        process -> {
                            List<String> threads = process.threads();
                            String chosen = threads.get(random.nextInt(threads.size()));
                            cluster.time().note("stalls " + chosen);
                            process.stall(chosen::equals);
                            later(() -> process.release(chosen::equals));
                        });
    }

    /** Each thread that writes to the disk or reads from it waits for it again and again. */
    private void writeSlowly(SimulatedProcess process, boolean[] mended) {
        if (mended[0] || stopped) {
            return;
        }
        process.stall(Nemesis::usesTheDisk);
        cluster.time()
                .after(
                        Duration.ofMillis(1 + random.nextInt(SLOW_WRITE_MILLIS)),
                        "disk",
                        () -> {
                            process.release(Nemesis::usesTheDisk);
                            cluster.time()
                                    .after(
                                            Duration.ofMillis(
                                                    1 + random.nextInt(BETWEEN_WRITES_MILLIS)),
                                            "disk",
                                            () -> writeSlowly(process, mended));
                        });
    }

    private static boolean usesTheDisk(String thread) {
        return thread.startsWith("fetcher-")
                || thread.equals("requests")
                || thread.equals("partition-metadata")
                || thread.equals("maintenance");
    }

    private void cut(String one, String other) {
        switch (random.nextInt(3)) {
            case 0 -> cut(new Route(one, other));
            case 1 -> cut(new Route(other, one));
            default -> {
                cut(new Route(one, other));
                cut(new Route(other, one));
            }
        }
    }

    private void cut(Route route) {
        if (!route.from().equals(route.to())) {
            cluster.network().cut(route);
            later(() -> cluster.network().mend(route));
        }
    }

    /** Most faults are short; some outlast a session. Mending what is whole changes nothing. */
    private void later(Runnable mending) {
        int most = random.nextInt(3) == 0 ? LONG_MILLIS : SHORT_MILLIS;
        Duration delay = stopped ? Duration.ZERO : Duration.ofMillis(1 + random.nextInt(most));
        cluster.time().after(delay, "mending", mending);
    }
}
