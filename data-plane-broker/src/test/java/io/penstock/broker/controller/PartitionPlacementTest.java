package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

class PartitionPlacementTest {

    private static final int ROUNDS = 300;

    @Test
    void replicasAreSpreadEvenlyOverBrokersWithoutRacks() throws Refusal {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            int brokers = 1 + random.nextInt(9);
            short factor = (short) (1 + random.nextInt(brokers));
            int partitions = brokers * (1 + random.nextInt(4));
            ClusterImage image = brokers(brokers, id -> Optional.empty());

            var placed = new PartitionPlacement(random).place(image, partitions, factor);

            assertThat(placed).hasSize(partitions);
            placed.forEach(r -> assertThat(r).hasSize(factor).doesNotHaveDuplicates());
            assertThat(Set.copyOf(leaders(placed).values())).containsExactly(partitions / brokers);
            assertThat(Set.copyOf(replicas(placed).values()))
                    .containsExactly(partitions * factor / brokers);
        }
    }

    @Test
    void aPartitionsReplicasLieInAsManyRacksAsThereAre() throws Refusal {
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            int racks = 1 + random.nextInt(4);
            int brokers = racks * (1 + random.nextInt(3));
            short factor = (short) (1 + random.nextInt(brokers));
            int partitions = brokers * (1 + random.nextInt(4));
            ClusterImage image = brokers(brokers, id -> Optional.of("rack-" + id % racks));

            var placed = new PartitionPlacement(random).place(image, partitions, factor);

            for (List<Integer> replicas : placed) {
                assertThat(replicas).doesNotHaveDuplicates();
                assertThat(replicas.stream().map(id -> id % racks).collect(Collectors.toSet()))
                        .hasSize(Math.min(racks, factor));
            }
            assertThat(Set.copyOf(leaders(placed).values())).containsExactly(partitions / brokers);
            assertThat(Set.copyOf(replicas(placed).values()))
                    .containsExactly(partitions * factor / brokers);
        }
    }

    @Test
    void racksOfUnequalSizeStillEachGetAReplica() throws Refusal {
        ClusterImage image = brokers(5, id -> Optional.of(id == 4 ? "small" : "large-" + id % 2));

        var placed = new PartitionPlacement(new Random(3)).place(image, 40, (short) 3);

        placed.forEach(replicas -> assertThat(replicas).contains(4));
    }

    @Test
    void whereOneBrokerNamesNoRackNoRackCounts() throws Refusal {
        ClusterImage image = brokers(4, id -> id == 3 ? Optional.empty() : Optional.of("the same"));

        var placed = new PartitionPlacement(new Random(4)).place(image, 12, (short) 2);

        assertThat(replicas(placed)).isEqualTo(Map.of(0, 6, 1, 6, 2, 6, 3, 6));
    }

    @Test
    void partitionsThatAreAddedGoOnRoundTheBrokers() throws Refusal {
        ClusterImage image = brokers(3, id -> Optional.empty());
        PartitionPlacement placement = new PartitionPlacement(new Random(5));
        var first = placement.place(image, 2, (short) 2);
        TopicState topic =
                new TopicState(
                        Uuid.ONE_UUID,
                        "orders",
                        first.stream().map(PartitionPlacementTest::led).toList());

        var added = placement.placeMore(image, topic, 4);

        added.forEach(replicas -> assertThat(replicas).hasSize(2).doesNotHaveDuplicates());
        Map<Integer, Integer> leaders = leaders(first);
        leaders(added).forEach((id, count) -> leaders.merge(id, count, Integer::sum));
        assertThat(leaders).isEqualTo(Map.of(0, 2, 1, 2, 2, 2));
    }

    private static PartitionState led(List<Integer> replicas) {
        return new PartitionState(
                replicas, replicas, List.of(), List.of(), List.of(), replicas.getFirst(), 0, 0);
    }

    private interface Racks {
        Optional<String> of(int broker);
    }

    private static ClusterImage brokers(int count, Racks racks) {
        Scenario scenario = new Scenario(Map.of());
        for (int id = 0; id < count; id++) {
            scenario.startsInRack(id, StopKind.CLEAN, racks.of(id));
        }
        return scenario.image();
    }

    private static Map<Integer, Integer> leaders(List<List<Integer>> placed) {
        Map<Integer, Integer> counts = new HashMap<>();
        placed.forEach(replicas -> counts.merge(replicas.getFirst(), 1, Integer::sum));
        return counts;
    }

    private static Map<Integer, Integer> replicas(List<List<Integer>> placed) {
        Map<Integer, Integer> counts = new HashMap<>();
        placed.forEach(
                replicas ->
                        new HashSet<>(replicas).forEach(id -> counts.merge(id, 1, Integer::sum)));
        return counts;
    }
}
