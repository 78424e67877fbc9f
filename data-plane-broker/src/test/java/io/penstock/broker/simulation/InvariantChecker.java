package io.penstock.broker.simulation;

import io.penstock.broker.controller.ControllerOnlooker;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.log.RecordBatchHeader;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.zk.ZkPaths;

import org.apache.kafka.common.TopicIdPartition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sees everything at once, after every step, and holds it against the invariants of
 * docs/replication.md. Looks again only at what changed.
 */
final class InvariantChecker {

    private final SimulatedCluster cluster;
    private final int minimumInSync;
    private final boolean durable;
    private final MemoryZooKeeperClient onlooker;
    private final Map<TopicIdPartition, CommittedHistory> histories = new HashMap<>();
    private final Map<TopicIdPartition, Map<Integer, String>> leaders = new HashMap<>();
    private final Map<TopicIdPartition, Map<Long, Integer>> written = new HashMap<>();
    private final Map<Replica, Look> looks = new HashMap<>();
    private final Map<Partition, Look> seen = new IdentityHashMap<>();
    private final Map<SimulatedProcess, Long> turns = new IdentityHashMap<>();
    private final Set<TopicIdPartition> suspects = new LinkedHashSet<>();
    private ClusterImage committed = ClusterImage.EMPTY;
    private Optional<MemoryZooKeeper.Session> controller = Optional.empty();
    private Optional<Violation> first = Optional.empty();
    private boolean metadataChanged;
    private int boots;

    private record Replica(int broker, TopicIdPartition partition) {}

    /** What a replica was when it was looked at last. */
    private record Look(String process, boolean leader, int epoch, long watermark) {}

    /**
     * @param durable whether records count only once they are on disk, so that no loss of power
     *     takes any (I8)
     */
    InvariantChecker(SimulatedCluster cluster, int minimumInSync, boolean durable) {
        this.cluster = cluster;
        this.durable = durable;
        this.minimumInSync = minimumInSync;
        MemoryZooKeeper zooKeeper = cluster.ensemble().zooKeeper();
        this.onlooker = new MemoryZooKeeperClient(zooKeeper, 0, MemoryZooKeeperClient.Link.PERFECT);
        zooKeeper.onCommit(this::onCommit);
        cluster.afterStep(this::look);
    }

    /** What the controller committed, as of the last step. */
    ClusterImage committed() {
        return committed;
    }

    /**
     * Kept for the end of the step: what is thrown into the code under test may be caught there.
     */
    void broken(String invariant, String what, Object... arguments) {
        if (first.isEmpty()) {
            first =
                    Optional.of(
                            new Violation(
                                    invariant, cluster.time().millis(), what.formatted(arguments)));
        }
    }

    private CommittedHistory history(TopicIdPartition partition) {
        return histories.computeIfAbsent(partition, p -> new CommittedHistory());
    }

    private void onCommit(MemoryZooKeeper.Session session, long zxid, List<String> paths) {
        for (String path : paths) {
            if (path.equals(ZkPaths.CONTROLLER_EPOCH)) {
                controller = Optional.of(session);
            } else if (path.startsWith(ZkPaths.TOPICS + "/")
                    || path.startsWith(ZkPaths.CONFIG + "/topics/")
                    || path.equals(ZkPaths.KNOWN_BROKERS)) {
                metadataChanged = true;
                mayWrite(session, zxid, path);
            }
        }
    }

    /** I5. What the first broker of a cluster makes is nobody's metadata yet. */
    private void mayWrite(MemoryZooKeeper.Session session, long zxid, String path) {
        boolean made =
                cluster.ensemble()
                        .zooKeeper()
                        .stat(path)
                        .filter(stat -> stat.getCzxid() == zxid)
                        .isPresent();
        if (controller.filter(present -> present == session).isEmpty()
                && !(made && path.equals(ZkPaths.KNOWN_BROKERS))) {
            broken("I5", "session %x wrote %s and controls nothing", session.id(), path);
        }
    }

    /** Sees every batch that is appended anywhere (I2). */
    MemoryLog.Onlooker appends(int broker, TopicIdPartition partition) {
        return batch -> {
            suspects.add(partition);
            int epoch = RecordBatchHeader.leaderEpoch(batch, 0);
            long offset = RecordBatchHeader.baseOffset(batch, 0);
            int checksum = RecordBatchHeader.checksum(batch, 0);
            Integer before =
                    written.computeIfAbsent(partition, p -> new HashMap<>())
                            .putIfAbsent(((long) epoch << 40) | offset, checksum);
            if (before != null && before != checksum) {
                broken(
                        "I2",
                        "broker %d has other records than another at offset %d of epoch %d of %s",
                        broker,
                        offset,
                        epoch,
                        partition);
            }
        };
    }

    /** A consumer was given this batch (I4). */
    void consumed(int broker, TopicIdPartition partition, ByteBuffer records, int at) {
        if (!history(partition).contains(records, at)) {
            broken(
                    "I4",
                    "broker %d gave a consumer offset %d of %s, which is not committed",
                    broker,
                    RecordBatchHeader.baseOffset(records, at),
                    partition);
        }
    }

    /** A producer was told that its batch is on all in-sync replicas (I1). */
    void acknowledged(
            int broker,
            TopicIdPartition partition,
            long baseOffset,
            long producerId,
            int sequence) {
        if (!history(partition).contains(baseOffset, producerId, sequence)) {
            broken(
                    "I1",
                    "broker %d acknowledged producer %d's sequence %d at offset %d of %s, where it"
                            + " is not committed",
                    broker,
                    producerId,
                    sequence,
                    baseOffset,
                    partition);
        }
    }

    long committedEnd(TopicIdPartition partition) {
        return history(partition).end();
    }

    private void look() {
        if (metadataChanged) {
            metadataChanged = false;
            ClusterImage before = committed;
            committed = ControllerOnlooker.committed(onlooker);
            lookAtElections(before);
        }
        for (SimulatedBroker broker : cluster.brokers()) {
            Long now = broker.process().turns();
            if (!now.equals(turns.put(broker.process(), now))) {
                broker.partitions().all().forEach(partition -> lookAt(broker, partition));
            }
        }
        if (durable) {
            suspectAfterLosses();
        }
        for (TopicIdPartition partition : List.copyOf(suspects)) {
            lookForLosses("I1", partition);
        }
        suspects.clear();
        if (first.isPresent()) {
            throw first.get();
        }
    }

    private void suspectAfterLosses() {
        int losses = cluster.machines().stream().mapToInt(SimulatedMachine::boots).sum();
        if (losses != boots) {
            boots = losses;
            suspects.addAll(histories.keySet());
        }
    }

    private void lookAt(SimulatedBroker broker, Partition partition) {
        Look last = seen.get(partition);
        if (last != null
                && last.leader() == partition.isLeader()
                && last.epoch() == partition.leaderEpoch()
                && last.watermark() == partition.highWatermark()) {
            return;
        }
        TopicIdPartition name =
                new TopicIdPartition(partition.topicId(), partition.topicPartition());
        Look now =
                new Look(
                        broker.process().toString(),
                        partition.isLeader(),
                        partition.leaderEpoch(),
                        partition.highWatermark());
        seen.put(partition, now);
        Look before = looks.put(new Replica(broker.id(), name), now);
        if (now.equals(before)) {
            return;
        }
        cluster.time().note(now.toString());
        if (now.leader()) {
            lookAtLeader(name, now);
        }
        boolean rises =
                before != null
                        && before.process().equals(now.process())
                        && now.watermark() > before.watermark();
        boolean sameTenure = rises && before.leader() && before.epoch() == now.epoch();
        if (now.leader() && rises) {
            lookAtWatermark(broker, name, now.watermark(), sameTenure);
        } else if (now.watermark() > history(name).end()) {
            broken(
                    "I4",
                    "broker %d takes %d of %s for committed, but %d is",
                    broker.id(),
                    now.watermark(),
                    name,
                    history(name).end());
        }
    }

    private void lookAtLeader(TopicIdPartition partition, Look now) {
        String other =
                leaders.computeIfAbsent(partition, p -> new HashMap<>())
                        .putIfAbsent(now.epoch(), now.process());
        if (other != null && !other.equals(now.process())) {
            broken(
                    "I2",
                    "%s and %s both lead %s in epoch %d",
                    other,
                    now.process(),
                    partition,
                    now.epoch());
        }
    }

    private void lookAtWatermark(
            SimulatedBroker broker,
            TopicIdPartition partition,
            long watermark,
            boolean sameTenure) {
        MemoryLog log = broker.machine().log(partition).orElseThrow();
        history(partition)
                .extend(log, watermark)
                .ifPresent(
                        wrong -> {
                            broken(
                                    wrong.startsWith("producer") ? "I7" : "I4",
                                    "broker %d, leader of %s: %s",
                                    broker.id(),
                                    partition,
                                    wrong);
                        });
        Optional<PartitionState> known = PartitionStates.of(broker.image(), partition);
        boolean applied = broker.partitions().appliedPosition().equals(broker.image().position());
        if (sameTenure
                && applied
                && known.isPresent()
                && known.get().leader() == broker.id()
                && known.get().inSync().size() < minimum(known.get())) {
            broken(
                    "I3",
                    "the high watermark of %s moved to %d while only %s are in sync",
                    partition,
                    watermark,
                    known.get().inSync());
        }
        lookForLosses("I3", partition);
    }

    private int minimum(PartitionState state) {
        return Math.min(minimumInSync, state.replicas().size());
    }

    /** Every member that a later election may trust has all that is committed. */
    private void lookForLosses(String invariant, TopicIdPartition partition) {
        Optional<PartitionState> state = PartitionStates.of(committed, partition);
        if (state.isEmpty()) {
            return;
        }
        List<Integer> trusted = new ArrayList<>(state.get().inSync());
        if (trusted.size() < minimum(state.get())) {
            trusted.addAll(state.get().eligible());
        }
        CommittedHistory history = history(partition);
        for (int member : trusted) {
            boolean lostPower = mayHaveLost(member);
            if (lostPower && !durable) {
                continue;
            }
            cluster.machines()
                    .get(member)
                    .log(partition)
                    .map(log -> history.compare(log, history.end()))
                    .orElseGet(
                            () ->
                                    history.end() == 0
                                            ? Optional.empty()
                                            : Optional.of("it has no log"))
                    .ifPresent(
                            wrong -> {
                                broken(
                                        lostPower ? "I8" : invariant,
                                        "%s of %s: broker %d may be elected, but %s",
                                        partition,
                                        state.get(),
                                        member,
                                        wrong);
                            });
        }
    }

    /** Its machine stopped, and the controller has not seen it come back yet. */
    private boolean mayHaveLost(int broker) {
        SimulatedMachine machine = cluster.machines().get(broker);
        return committed
                .lastRegistration(broker)
                .filter(seen -> machine.lostPowerSince(seen.incarnation()))
                .isPresent();
    }

    private void lookAtElections(ClusterImage before) {
        for (TopicState topic : committed.topics().values()) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                PartitionState now = topic.partitions().get(number);
                TopicIdPartition partition = new TopicIdPartition(topic.id(), number, topic.name());
                Optional<PartitionState> old = PartitionStates.of(before, partition);
                if (old.equals(Optional.of(now))) {
                    continue;
                }
                suspects.add(partition);
                cluster.time().note(partition + " " + now);
                old.ifPresent(past -> lookAtElection(partition, past, now));
            }
        }
        for (BrokerRegistration broker : committed.brokers().values()) {
            Optional<BrokerRegistration> old = before.lastRegistration(broker.id());
            boolean sameProcess =
                    old.filter(o -> o.incarnation().equals(broker.incarnation())).isPresent();
            StopKind stop =
                    old.flatMap(broker::worstSince).orElseGet(() -> broker.lastStop().kind());
            // A registration that has ended meanwhile tells nothing any more.
            boolean tells = !broker.stops().isEmpty();
            if (!sameProcess && tells && stop == StopKind.MACHINE && !durable) {
                lookAtReturn(broker.id());
            }
        }
    }

    private void lookAtElection(
            TopicIdPartition partition, PartitionState old, PartitionState now) {
        if (now.leaderEpoch() < old.leaderEpoch() || now.partitionEpoch() <= old.partitionEpoch()) {
            broken("I5", "%s went from %s back to %s", partition, old, now);
        }
        if (now.leaderEpoch() == old.leaderEpoch() || !now.hasLeader()) {
            return;
        }
        BrokerRegistration elected = committed.brokers().get(now.leader());
        if (elected == null || elected.fenced()) {
            broken("I6", "%s is led by a dead or fenced broker: %s", partition, now);
        }
    }

    private void lookAtReturn(int broker) {
        for (TopicState topic : committed.topics().values()) {
            for (PartitionState state : topic.partitions()) {
                if (state.inSync().contains(broker) || state.eligible().contains(broker)) {
                    broken(
                            "I6",
                            "broker %d came back with a new machine and is trusted in %s: %s",
                            broker,
                            topic.name(),
                            state);
                }
            }
        }
    }
}
