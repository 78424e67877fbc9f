package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionBucketCodec;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One partition whose replicas follow the data path's rules to the letter, under random events: no
 * record that was acknowledged is missing where a leader may come from (I1), and no state breaks
 * the rules of its own making. Each failure names its seed.
 */
class PartitionModelTest {

    private static final String TOPIC = "orders";
    private static final int BROKERS = 5;
    private static final int STEPS = 400;
    private static final int SEEDS = 60;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatWasAcknowledgedIsWhereverALeaderMayComeFrom(int thousand) {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Run(1000L * thousand + seed, false).play();
        }
    }

    /** I8: with flush.messages=1 a machine that stops keeps its places, and what counts. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void noLossOfPowerTakesWhatIsOnDiskBeforeItCounts(int thousand) {
        for (int seed = 0; seed < SEEDS; seed++) {
            new Run(1000L * thousand + seed, true).play();
        }
    }

    /** A record is told apart by its leader epoch and a number that is never used again. */
    private record Entry(int leaderEpoch, int number) {}

    private static final class Run {
        private final long seed;
        private final Random random;
        private final Scenario cluster = Scenario.of(IntStream.range(0, BROKERS).toArray());
        private final boolean durable;
        private final Map<Integer, List<Entry>> logs = new HashMap<>();

        /** How much of each log is certainly on disk. */
        private final Map<Integer, Integer> onDisk = new HashMap<>();

        /** How the brokers that do not run stopped. */
        private final Map<Integer, StopKind> stopped = new HashMap<>();

        /** What the leader of the present epoch knows of its followers' logs. */
        private final Map<Integer, Integer> knownEnds = new HashMap<>();

        private List<Entry> acknowledged = List.of();
        private int highWatermark;
        private int epochStart;
        private int minInSync = 2;
        private int numbers;
        private PartitionState before;
        private long leaderProcess;

        private Run(long seed, boolean durable) {
            this.seed = seed;
            this.durable = durable;
            this.random = new Random(seed);
            for (int id = 0; id < BROKERS; id++) {
                logs.put(id, new ArrayList<>());
                onDisk.put(id, 0);
            }
            cluster.topic(TOPIC, minInSync, 0, 1, 2);
            if (durable) {
                cluster.setConfig(ConfigResource.Type.TOPIC, TOPIC, "flush.messages", "1");
            }
            before = state();
            leaderProcess = cluster.epochOf(before.leader());
        }

        private void play() {
            for (int step = 0; step < STEPS; step++) {
                String event = oneEvent();
                check("seed %d, step %d: %s".formatted(seed, step, event));
            }
        }

        private PartitionState state() {
            return cluster.partition(TOPIC, 0);
        }

        private String oneEvent() {
            int broker = random.nextInt(BROKERS);
            return switch (random.nextInt(21)) {
                case 0, 1, 2, 3 -> append();
                case 4, 5, 6, 7, 8 -> fetch(broker);
                case 9, 10 -> advance();
                case 11, 12, 13 -> propose(broker);
                case 14 -> stop(broker);
                case 15, 16 -> start(broker);
                case 17 -> look(broker);
                case 18 -> reassign();
                case 19 -> resign(broker);
                default -> rules();
            };
        }

        private boolean leaderRuns() {
            return state().hasLeader() && !stopped.containsKey(state().leader());
        }

        private String append() {
            if (leaderRuns()) {
                logs.get(state().leader()).add(new Entry(state().leaderEpoch(), numbers++));
            }
            return "append";
        }

        private String fetch(int follower) {
            boolean follows =
                    leaderRuns()
                            && follower != state().leader()
                            && !stopped.containsKey(follower)
                            && state().replicas().contains(follower);
            if (follows) {
                List<Entry> from = logs.get(state().leader());
                List<Entry> to = logs.get(follower);
                int common = 0;
                while (common < Math.min(from.size(), to.size())
                        && from.get(common).equals(to.get(common))) {
                    common++;
                }
                int end = common + random.nextInt(from.size() - common + 1);
                logs.put(follower, new ArrayList<>(from.subList(0, end)));
                knownEnds.put(follower, end);
                onDisk.put(follower, durable ? end : 0);
            }
            return "fetch by " + follower;
        }

        private String advance() {
            PartitionState state = state();
            int minimum = Math.min(minInSync, state.replicas().size());
            if (leaderRuns() && state.inSync().size() >= minimum && state.eligible().isEmpty()) {
                List<Entry> log = logs.get(state.leader());
                int least =
                        state.inSync().stream()
                                .mapToInt(
                                        id ->
                                                id == state.leader()
                                                        ? log.size()
                                                        : knownEnds.getOrDefault(id, 0))
                                .min()
                                .orElseThrow();
                highWatermark = Math.max(highWatermark, least);
                if (durable) {
                    onDisk.merge(state.leader(), highWatermark, Math::max);
                }
                if (highWatermark > acknowledged.size()) {
                    acknowledged = List.copyOf(log.subList(0, highWatermark));
                }
            }
            return "advance";
        }

        private String propose(int other) {
            if (!leaderRuns()) {
                return "no leader to propose";
            }
            PartitionState state = state();
            Set<Integer> members = new TreeSet<>(state.inSync());
            if (!members.remove(other) || other == state.leader()) {
                int needed = Math.max(highWatermark, epochStart);
                if (knownEnds.getOrDefault(other, -1) < needed && other != state.leader()) {
                    return "too far behind to join: " + other;
                }
                members.add(other);
            }
            Errors error = cluster.proposes(TOPIC, 0, members.toArray(Integer[]::new));
            return "propose " + members + ": " + error;
        }

        /** Its disk takes nothing more. */
        private String resign(int broker) {
            Set<Integer> others = new TreeSet<>(state().inSync());
            if (stopped.containsKey(broker) || !others.remove(broker)) {
                return "nothing to resign from: " + broker;
            }
            var proposal = cluster.proposal(TOPIC, 0, others.toArray(Integer[]::new));
            Errors error = cluster.proposes(broker, cluster.epochOf(broker), TOPIC, proposal);
            return "resignation of " + broker + ": " + error;
        }

        private String stop(int broker) {
            if (stopped.containsKey(broker)) {
                return "stopped already: " + broker;
            }
            StopKind kind = StopKind.values()[random.nextInt(StopKind.values().length)];
            if (kind == StopKind.CLEAN) {
                cluster.stops(broker);
            }
            List<Entry> log = logs.get(broker);
            if (kind == StopKind.MACHINE) {
                int kept = random.nextInt(onDisk.get(broker), log.size() + 1);
                logs.put(broker, new ArrayList<>(log.subList(0, kept)));
            }
            stopped.put(broker, kind);
            return kind + " stop of " + broker;
        }

        /** The old registration may not have been seen to end. */
        private String start(int broker) {
            StopKind kind = stopped.remove(broker);
            if (kind == null) {
                return "runs already: " + broker;
            }
            knownEnds.remove(broker);
            cluster.starts(broker, kind);
            return "start of " + broker + " after " + kind;
        }

        private String look(int broker) {
            if (!cluster.registered().contains(broker)) {
                return "gone already: " + broker;
            }
            if (stopped.containsKey(broker)) {
                if (random.nextBoolean()) {
                    cluster.isFenced(broker);
                    return "fence of " + broker;
                }
                cluster.goes(broker);
                return "end of " + broker;
            }
            cluster.looksAgain();
            return "look";
        }

        private String reassign() {
            List<Integer> target = new ArrayList<>(IntStream.range(0, BROKERS).boxed().toList());
            Collections.shuffle(target, random);
            boolean cancel = random.nextInt(3) == 0;
            List<Integer> replicas = cancel ? null : target.subList(0, 2 + random.nextInt(3));
            var request =
                    new AlterPartitionReassignmentsRequestData()
                            .setTopics(
                                    List.of(
                                            new ReassignableTopic()
                                                    .setName(TOPIC)
                                                    .setPartitions(
                                                            List.of(
                                                                    new ReassignablePartition()
                                                                            .setPartitionIndex(0)
                                                                            .setReplicas(
                                                                                    replicas)))));
            cluster.ask(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, 1, request);
            return "reassign to " + replicas;
        }

        private String rules() {
            switch (random.nextInt(3)) {
                case 0 -> {
                    minInSync = 1 + random.nextInt(3);
                    cluster.setConfig(
                            ConfigResource.Type.TOPIC,
                            TOPIC,
                            ElectionRules.MIN_IN_SYNC,
                            Integer.toString(minInSync));
                }
                case 1 ->
                        cluster.ask(
                                ApiKeys.ELECT_LEADERS,
                                2,
                                new ElectLeadersRequestData().setTopicPartitions(null));
                default -> cluster.decide(new ControllerEvent.PreferredElectionDue());
            }
            return "rules, minimum " + minInSync;
        }

        private void check(String context) {
            PartitionState state = state();
            checkForm(context, state);
            if (state.leaderEpoch() != before.leaderEpoch()) {
                knownEnds.clear();
                highWatermark = random.nextInt(acknowledged.size() + 1);
                epochStart = state.hasLeader() ? logs.get(state.leader()).size() : 0;
            }
            Set<Integer> complete = new HashSet<>(state.inSync());
            complete.addAll(state.eligible());
            for (int id : complete) {
                if (durable || stopped.get(id) != StopKind.MACHINE) {
                    assertThat(startsWithAcknowledged(id))
                            .as(
                                    "%s%n%s%n%d holds %s, acknowledged are %s",
                                    context, state, id, logs.get(id), acknowledged)
                            .isTrue();
                }
            }
            before = state;
        }

        private boolean startsWithAcknowledged(int broker) {
            List<Entry> log = logs.get(broker);
            return log.size() >= acknowledged.size()
                    && log.subList(0, acknowledged.size()).equals(acknowledged);
        }

        private void checkForm(String context, PartitionState state) {
            assertThat(state.replicas()).as(context).doesNotHaveDuplicates().isNotEmpty();
            assertThat(state.replicas())
                    .as(context)
                    .containsAll(state.inSync())
                    .containsAll(state.eligible())
                    .containsAll(state.adding())
                    .containsAll(state.removing());
            assertThat(state.inSync()).as(context).noneMatch(state.eligible()::contains);
            assertThat(state.adding()).as(context).noneMatch(state.removing()::contains);
            if (state.inSync().size() >= Math.min(minInSync, state.replicas().size())) {
                assertThat(state.eligible()).as(context).isEmpty();
            }
            if (state.hasLeader()) {
                assertThat(state.inSync()).as(context).contains(state.leader());
                assertThat(ElectionRules.isLive(cluster.image(), state.leader()))
                        .as(context)
                        .isTrue();
                assertThat(state.inSync())
                        .as(context)
                        .allMatch(id -> ElectionRules.isLive(cluster.image(), id));
            } else {
                assertThat(state.inSync())
                        .as(context)
                        .noneMatch(id -> ElectionRules.isLive(cluster.image(), id));
                assertThat(state.eligible())
                        .as(context)
                        .noneMatch(id -> ElectionRules.isLive(cluster.image(), id));
            }
            if (!state.replicas().equals(before.replicas()) && !context.contains("reassign")) {
                assertThat(state.inSync()).as(context).containsAll(state.replicas());
            }
            if (state.inSync().isEmpty() && !before.inSync().isEmpty()) {
                assertThat(context).contains("after MACHINE");
            }
            if (!state.equals(before)) {
                assertThat(state.partitionEpoch())
                        .as(context)
                        .isGreaterThan(before.partitionEpoch());
            }
            long process = state.hasLeader() ? cluster.epochOf(state.leader()) : 0;
            if (state.leader() != before.leader() || process != leaderProcess) {
                assertThat(state.leaderEpoch()).as(context).isGreaterThan(before.leaderEpoch());
            }
            leaderProcess = process;
            var kept =
                    PartitionBucketCodec.decode(PartitionBucketCodec.encode(List.of(state)))
                            .getFirst();
            assertThat(kept.withReplicas(state.replicas(), state.adding(), state.removing()))
                    .as(context)
                    .isEqualTo(state);
        }
    }
}
