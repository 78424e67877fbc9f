package io.penstock.broker.simulation;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.simulation.SimulatedNetwork.Route;

import org.apache.kafka.common.TopicIdPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Sequences of faults that are timed by what the cluster does. What they aim at takes several
 * events in an order that chance makes too seldom to be relied on; each has been a fault of some
 * system of this kind. They only ever do what a bad day does: kill, cut, stall, take power away.
 * Where the cluster does not play along, the sequence ends and mends what it broke.
 */
final class AimedFaults {

    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(10);
    private static final Duration SEVERAL_HOPS = Duration.ofMillis(5);
    private static final Duration SEVERAL_APPENDS = Duration.ofMillis(500);

    /** A fetcher has asked, and its connection opens; the answer takes several hops yet. */
    private static final Duration ASKED = Duration.ofNanos(150_000);

    private static final Duration ANSWERED = Duration.ofMillis(2);
    private static final Duration NEXT_TICK = Duration.ofMillis(600);
    private static final int REQUESTS_TO_A_ZOMBIE = 4;

    private static final PartitionState GONE =
            new PartitionState(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    PartitionState.NO_LEADER,
                    -1,
                    -1);

    private final SimulatedCluster cluster;
    private final SplittableRandom random;
    private final Supplier<ClusterImage> committed;
    private final TopicChanges topics;
    private final IntPredicate mayLosePower;
    private boolean stopped;

    /**
     * @param mayLosePower whether the cluster promises to survive that this machine stops
     */
    AimedFaults(
            SimulatedCluster cluster,
            SplittableRandom random,
            Supplier<ClusterImage> committed,
            TopicChanges topics,
            IntPredicate mayLosePower) {
        this.cluster = cluster;
        this.random = random;
        this.committed = committed;
        this.topics = topics;
        this.mayLosePower = mayLosePower;
    }

    /** What has begun does not go on; whoever calls this mends everything. */
    void stop() {
        stopped = true;
    }

    /**
     * A controller that another has replaced does not hear of it, since the thread that would hear
     * stands still, and is asked for changes (KAFKA-6082). Its session with ZooKeeper is the old
     * one or another: the code's own threads tell a controller no sooner than that one.
     */
    void controllerOutlivesItsTerm() {
        List<SimulatedBroker> controllers = cluster.controllers();
        if (controllers.size() != 1 || !controllers.getFirst().process().isRunning()) {
            return;
        }
        SimulatedBroker old = controllers.getFirst();
        String host = old.machine().host();
        boolean bySession = random.nextBoolean();
        old.process().stall("controller-election"::equals);
        if (bySession) {
            cutBoth(host, SimulatedEnsemble.HOST);
        } else {
            cluster.network().reject(host);
        }
        Runnable mend =
                () -> {
                    mendBoth(host, SimulatedEnsemble.HOST);
                    cluster.network().admit(host);
                };
        Runnable release = () -> old.process().release("controller-election"::equals);
        once(
                LONGER_THAN_A_SESSION,
                () -> cluster.controllers().stream().anyMatch(other -> other != old),
                () -> {
                    mend.run();
                    after(bySession ? NEXT_TICK : SEVERAL_HOPS, () -> ask(old, release));
                },
                () -> {
                    mend.run();
                    release.run();
                });
    }

    private void ask(SimulatedBroker old, Runnable release) {
        for (int i = 0; i < REQUESTS_TO_A_ZOMBIE; i++) {
            if (old.process().isRunning()) {
                if (random.nextBoolean()) {
                    topics.grow(old);
                } else {
                    topics.reassign(old);
                }
            }
        }
        after(Duration.ofMillis(1 + random.nextInt(1_000)), release);
    }

    /**
     * A follower that comes back is proposed as in sync; while the proposal is on its way, its
     * machine stops and comes back without what was not flushed (KIP-903).
     */
    void powerLossOvertakesAProposal() {
        anyFollower()
                .filter(chosen -> mayLosePower.test(chosen.follower()))
                .ifPresent(
                        chosen -> {
                            Route proposals =
                                    new Route(host(chosen.leader()), host(chosen.controller()));
                            Runnable end =
                                    () -> {
                                        cluster.network().mend(proposals);
                                        cluster.start(chosen.follower());
                                    };
                            comeBack(
                                    chosen,
                                    () -> {
                                        cluster.network().cut(proposals);
                                        loseOnceProposed(chosen, end);
                                    },
                                    end);
                        });
    }

    /**
     * A follower that comes back is in sync before its leader hears of it, and gets no more records
     * then: the leader must have counted it since it proposed it.
     */
    void leaderHearsLateWhoJoined() {
        anyFollower()
                .ifPresent(
                        chosen -> {
                            Route news =
                                    new Route(host(chosen.controller()), host(chosen.leader()));
                            Route records =
                                    new Route(host(chosen.leader()), host(chosen.follower()));
                            Runnable end =
                                    () -> {
                                        cluster.network().mend(news);
                                        cluster.network().mend(records);
                                        cluster.start(chosen.follower());
                                    };
                            comeBack(
                                    chosen,
                                    () -> {
                                        cluster.network().cut(news);
                                        once(
                                                SOON,
                                                () -> isInSync(chosen),
                                                () -> {
                                                    cluster.network().cut(records);
                                                    after(SEVERAL_APPENDS, end);
                                                },
                                                end);
                                    },
                                    end);
                        });
    }

    /** One who follows a leader on another broker than the controller's, and where they are. */
    private record Follower(TopicIdPartition partition, int follower, int leader, int controller) {}

    private Optional<Follower> anyFollower() {
        List<SimulatedBroker> controllers = cluster.controllers();
        if (controllers.size() != 1) {
            return Optional.empty();
        }
        int controller = controllers.getFirst().id();
        return anyPartition(3)
                .filter(partition -> state(partition).leader() != controller)
                .flatMap(
                        partition -> {
                            int leader = state(partition).leader();
                            return state(partition).replicas().stream()
                                    .filter(id -> id != leader && id != controller)
                                    .findFirst()
                                    .map(id -> new Follower(partition, id, leader, controller));
                        });
    }

    private boolean isInSync(Follower chosen) {
        return state(chosen.partition()).inSync().contains(chosen.follower());
    }

    /**
     * Kills the follower, and starts it again when it is in sync no more.
     *
     * @param then as soon as its leader knows the new process
     */
    private void comeBack(Follower chosen, Runnable then, Runnable otherwise) {
        int id = chosen.follower();
        cluster.kill(id);
        once(
                SOON,
                () -> !isInSync(chosen),
                () -> {
                    cluster.start(id);
                    once(SOON, () -> knows(chosen.leader(), id), then, otherwise);
                },
                otherwise);
    }

    private boolean knows(int broker, int other) {
        return cluster.broker(broker)
                .map(b -> b.image().brokers().get(other))
                .filter(seen -> !seen.fenced())
                .filter(
                        seen ->
                                cluster.broker(other)
                                        .filter(b -> b.membership().brokerEpoch() == seen.epoch())
                                        .isPresent())
                .isPresent();
    }

    private void loseOnceProposed(Follower chosen, Runnable end) {
        int lost = chosen.follower();
        once(
                SOON,
                () ->
                        end(lost, chosen.partition())
                                >= watermark(chosen.leader(), chosen.partition()),
                () ->
                        after(
                                SEVERAL_HOPS,
                                () -> {
                                    if (!mayLosePower.test(lost)) {
                                        end.run();
                                        return;
                                    }
                                    cluster.losePower(lost);
                                    cluster.start(lost);
                                    once(SOON, () -> isBack(lost), end, end);
                                }),
                end);
    }

    private boolean isBack(int broker) {
        var known = committed.get().brokers().get(broker);
        return known != null && !cluster.machines().get(broker).lostPowerSince(known.incarnation());
    }

    /**
     * A follower that has more than the new leader is told so, and takes it in only when it leads
     * itself and what it has is committed (the leader epoch of an answer, KIP-101).
     */
    void answerComesAfterAnElection() {
        Optional<TopicIdPartition> chosen = anyPartition(3);
        if (chosen.isEmpty()) {
            return;
        }
        TopicIdPartition partition = chosen.get();
        PartitionState state = state(partition);
        int first = state.leader();
        List<Integer> others = state.replicas().stream().filter(id -> id != first).toList();
        int second = others.getFirst();
        int third = others.getLast();
        if (state.inSync().size() < state.replicas().size() || cluster.broker(third).isEmpty()) {
            return;
        }
        SimulatedProcess process = cluster.broker(third).get().process();
        Route records = new Route(host(first), host(second));
        Runnable mend = () -> cluster.network().mend(records);
        cluster.network().cut(records);
        once(
                SOON,
                () -> end(third, partition) > end(second, partition),
                () -> {
                    cluster.kill(first);
                    mend.run();
                    after(SEVERAL_HOPS, () -> cluster.start(first));
                    once(
                            SOON,
                            () -> follows(third, second, partition),
                            () -> stallOnceAsked(process, partition, second, third),
                            () -> cluster.start(first));
                },
                mend);
    }

    private boolean follows(int broker, int leader, TopicIdPartition partition) {
        return state(partition).leader() == leader
                && replica(broker, partition)
                        .filter(Partition::isFollower)
                        .filter(p -> p.leaderEpoch() == state(partition).leaderEpoch())
                        .isPresent();
    }

    private void stallOnceAsked(
            SimulatedProcess process, TopicIdPartition partition, int second, int third) {
        String fetcher = "fetcher-" + second + "-";
        Runnable release = () -> process.release(thread -> thread.startsWith(fetcher));
        after(
                ASKED,
                () -> {
                    process.stall(thread -> thread.startsWith(fetcher));
                    after(
                            ANSWERED.plusNanos(random.nextInt(1_000_000)),
                            () -> {
                                cluster.kill(second);
                                after(
                                        Duration.ofMillis(500 + random.nextInt(1_000)),
                                        () -> cluster.start(second));
                                once(
                                        SOON,
                                        () -> leadsAndHasCommitted(third, partition),
                                        release,
                                        release);
                            });
                });
    }

    private boolean leadsAndHasCommitted(int broker, TopicIdPartition partition) {
        return state(partition).inSync().size() > 1
                && replica(broker, partition)
                        .filter(Partition::isLeader)
                        .filter(p -> p.highWatermark() == p.logEndOffset())
                        .isPresent();
    }

    private Optional<TopicIdPartition> anyPartition(int replicas) {
        List<TopicIdPartition> found = new ArrayList<>();
        for (TopicState topic : committed.get().topics().values()) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                PartitionState state = topic.partitions().get(number);
                if (state.hasLeader()
                        && state.replicas().size() == replicas
                        && state.replicas().stream().allMatch(this::isRunning)) {
                    found.add(new TopicIdPartition(topic.id(), number, topic.name()));
                }
            }
        }
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.get(random.nextInt(found.size())));
    }

    private boolean isRunning(int broker) {
        return cluster.broker(broker).filter(b -> b.process().isRunning()).isPresent();
    }

    /** As it is committed; without replicas when its topic is gone. */
    private PartitionState state(TopicIdPartition partition) {
        return PartitionStates.of(committed.get(), partition).orElse(GONE);
    }

    private Optional<Partition> replica(int broker, TopicIdPartition partition) {
        return cluster.broker(broker)
                .flatMap(b -> b.partitions().find(partition.topicPartition()))
                .filter(p -> p.topicId().equals(partition.topicId()));
    }

    private long end(int broker, TopicIdPartition partition) {
        return cluster.machines()
                .get(broker)
                .log(partition)
                .map(log -> log.end().offset())
                .orElse(-1L);
    }

    private long watermark(int broker, TopicIdPartition partition) {
        return replica(broker, partition).map(Partition::highWatermark).orElse(Long.MAX_VALUE);
    }

    private String host(int broker) {
        return cluster.machines().get(broker).host();
    }

    private void cutBoth(String one, String other) {
        cluster.network().cut(new Route(one, other));
        cluster.network().cut(new Route(other, one));
    }

    private void mendBoth(String one, String other) {
        cluster.network().mend(new Route(one, other));
        cluster.network().mend(new Route(other, one));
    }

    private void after(Duration delay, Runnable task) {
        cluster.time().after(delay, "aimed", unlessStopped(task));
    }

    private void once(
            Duration limit, BooleanSupplier condition, Runnable then, Runnable otherwise) {
        cluster.once(limit, condition, unlessStopped(then), unlessStopped(otherwise));
    }

    private Runnable unlessStopped(Runnable task) {
        return () -> {
            if (!stopped) {
                task.run();
            }
        };
    }
}
