package io.penstock.systemtests.faults;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a fault acts on. Whom it hits is drawn from the run's seed. */
record Scene(FaultCluster cluster, TopicView topic, Load load, int partitions, Random random) {

    Set<Integer> allPartitions() {
        return IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet());
    }

    int somePartition() {
        return random.nextInt(partitions);
    }

    Node some(List<Node> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** A broker that leads some partition. */
    int someLeader() throws Exception {
        return topic.leader(somePartition());
    }

    /** Another broker than that. */
    int someOther(int broker) {
        return (broker + 1 + random.nextInt(cluster.plan().brokers() - 1))
                % cluster.plan().brokers();
    }

    /** Of three brokers the one that is neither. */
    int thirdThan(int one, int other) {
        return 3 - one - other;
    }
}
