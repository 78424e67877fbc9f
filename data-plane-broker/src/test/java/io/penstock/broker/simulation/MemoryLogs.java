package io.penstock.broker.simulation;

import io.penstock.broker.log.BackgroundWork;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.replication.ReplicaLog;
import io.penstock.broker.replication.ReplicaLogs;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A machine's logs as one process uses them. */
final class MemoryLogs implements ReplicaLogs {

    private static final int MAINTENANCE_MILLIS = 4_000;
    private static final int LONGEST_FORCE_MICROS = 60_000;

    private final SimulatedMachine machine;
    private final Clock clock;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final BackgroundWork disk;
    private final Function<TopicIdPartition, MemoryLog.Onlooker> onlookers;

    MemoryLogs(
            SimulatedMachine machine,
            SimulatedProcess process,
            SplittableRandom random,
            Function<TopicIdPartition, MemoryLog.Onlooker> onlookers) {
        this.machine = machine;
        this.clock = process.clock();
        this.scheduler = process.scheduler("maintenance");
        this.random = random;
        this.onlookers = onlookers;
        Scheduler disk = process.scheduler("disk");
        this.disk =
                (delay, task) ->
                        disk.schedule(
                                Duration.ofMillis(delay)
                                        .plusNanos(1_000L * random.nextInt(LONGEST_FORCE_MICROS)),
                                task);
        machine.logs().values().forEach(log -> log.on(this.disk));
    }

    @Override
    public Optional<ReplicaLog> find(TopicPartition partition) {
        return Optional.ofNullable(machine.logs().get(partition));
    }

    @Override
    public Collection<? extends ReplicaLog> all() {
        return List.copyOf(machine.logs().values());
    }

    @Override
    public ReplicaLog create(TopicPartition partition, Uuid topicId, LogSettings settings) {
        MemoryLog log =
                machine.logs()
                        .computeIfAbsent(
                                partition,
                                p ->
                                        new MemoryLog(
                                                        p,
                                                        topicId,
                                                        settings,
                                                        clock,
                                                        onlookers.apply(
                                                                new TopicIdPartition(topicId, p)))
                                                .on(disk));
        if (!log.topicId().equals(topicId)) {
            throw new IllegalStateException(partition + " has the topic id " + log.topicId());
        }
        return log;
    }

    @Override
    public void delete(TopicPartition partition) {
        machine.logs().remove(partition);
        machine.highWatermarks().remove(partition);
    }

    @Override
    public void setAside(TopicPartition partition) {
        delete(partition);
    }

    @Override
    public long checkpointedHighWatermark(TopicPartition partition) {
        return machine.highWatermarks().getOrDefault(partition, 0L);
    }

    /** Now and then some logs are flushed, and the high watermarks written down. */
    @Override
    public void startMaintenance(ToLongFunction<TopicPartition> highWatermark) {
        scheduler.schedule(
                Duration.ofMillis(1 + random.nextInt(MAINTENANCE_MILLIS)),
                () -> {
                    machine.logs()
                            .forEach(
                                    (partition, log) -> {
                                        if (random.nextBoolean()) {
                                            log.flush();
                                        }
                                        machine.highWatermarks()
                                                .put(
                                                        partition,
                                                        highWatermark.applyAsLong(partition));
                                    });
                    startMaintenance(highWatermark);
                });
    }

    @Override
    public void close(long brokerEpoch, ToLongFunction<TopicPartition> highWatermark) {
        machine.logs()
                .forEach(
                        (partition, log) ->
                                machine.highWatermarks()
                                        .put(partition, highWatermark.applyAsLong(partition)));
        machine.leaveCleanly(brokerEpoch);
    }
}
