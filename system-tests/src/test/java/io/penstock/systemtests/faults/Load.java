package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.faults.History.Producer;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.History.Send;
import io.penstock.systemtests.faults.History.Stored;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** All clients of one topic: producers of each kind, readers that follow, and a group. */
final class Load {
    static final String GROUP = "workers";
    private static final Duration BETWEEN_SENDS = Duration.ofMillis(20);

    private final List<LoadProducer> producers;
    private final List<LoadReader> readers;

    private Load(List<LoadProducer> producers, List<LoadReader> readers) {
        this.producers = producers;
        this.readers = readers;
    }

    static Load start(String bootstrapServers, String topic, int partitions) {
        var producers =
                Stream.of(
                                new Producer("steady-a", ProducerKind.IDEMPOTENT),
                                new Producer("steady-b", ProducerKind.IDEMPOTENT),
                                new Producer("hasty", ProducerKind.IMPATIENT),
                                new Producer("plain", ProducerKind.NOT_IDEMPOTENT))
                        .map(who -> new LoadProducer(who, bootstrapServers, topic, partitions))
                        .toList();
        var readers =
                List.of(
                        LoadReader.alone("follower-a", bootstrapServers, topic, partitions),
                        LoadReader.alone("follower-b", bootstrapServers, topic, partitions),
                        LoadReader.member("worker-a", bootstrapServers, topic, GROUP),
                        LoadReader.member("worker-b", bootstrapServers, topic, GROUP));
        producers.forEach(producer -> producer.start(BETWEEN_SENDS));
        readers.forEach(LoadReader::start);
        return new Load(producers, readers);
    }

    /**
     * Waits until every producer has an acknowledgement of each partition for a new record, and the
     * group has one for a new commit.
     */
    void awaitProgress(Duration limit) {
        var since = System.nanoTime();
        awaitProgress(EnumSet.allOf(ProducerKind.class), limit);
        await("the group " + GROUP + " commits")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> readers.stream().anyMatch(reader -> reader.hasCommittedSince(since)));
    }

    /**
     * Waits until all readers but the group's have been given every record before these offsets.
     */
    void awaitRead(Map<Integer, Long> ends, Duration limit) {
        for (var reader : readers) {
            if (reader.isAlone()) {
                await("everything is read up to " + ends + " by " + reader)
                        .atMost(limit)
                        .until(() -> reader.hasReadTo(ends));
            }
        }
    }

    void awaitProgress(Set<ProducerKind> kinds, Duration limit) {
        var since = System.nanoTime();
        for (var producer : producers) {
            if (kinds.contains(producer.identity().kind())) {
                await("producer " + producer.identity().name() + " goes on in every partition")
                        .atMost(limit)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> producer.hasProgressedSince(since));
            }
        }
    }

    /** Sends no more; returns when every send has its outcome. */
    void stopProducers() {
        for (var producer : producers) {
            producer.stop();
        }
    }

    void stopReaders() throws InterruptedException {
        for (var reader : readers) {
            reader.stop();
        }
    }

    /** Ends all clients at once, whatever they wait for. */
    void abandon() throws InterruptedException {
        producers.forEach(LoadProducer::abandon);
        stopReaders();
    }

    List<Send> sends() {
        return producers.stream().flatMap(producer -> producer.sends().stream()).toList();
    }

    History history(Map<Integer, List<Stored>> log, Map<Integer, Long> committed) {
        return new History(
                sends(),
                readers.stream().flatMap(reader -> reader.reads().stream()).toList(),
                readers.stream().flatMap(reader -> reader.commits().stream()).toList(),
                readers.stream().flatMap(reader -> reader.lostPositions().stream()).toList(),
                log,
                committed);
    }
}
