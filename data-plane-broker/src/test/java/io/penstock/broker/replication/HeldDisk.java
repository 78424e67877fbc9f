package io.penstock.broker.replication;

import io.penstock.broker.log.BackgroundWork;
import io.penstock.broker.log.LogSettings;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Logs in memory on a disk that forces nothing until the test lets it. */
final class HeldDisk implements ReplicaLogs, BackgroundWork {

    private final Clock clock;
    private final Map<TopicPartition, MemoryLog> logs = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private int forces;

    HeldDisk(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void later(long delayMillis, Runnable task) {
        held.add(task);
    }

    @Override
    public void forced() {
        forces++;
    }

    /** Does what it was asked so far; whether there was anything. */
    boolean work() {
        List<Runnable> tasks = List.copyOf(held);
        held.clear();
        tasks.forEach(Runnable::run);
        return !tasks.isEmpty();
    }

    int forces() {
        return forces;
    }

    /** Nothing is read or written any more. */
    void fail() {
        logs.values().forEach(MemoryLog::failDisk);
        work();
    }

    /** There is no room for anything more, or there is again. */
    void fill(boolean full) {
        logs.values().forEach(log -> log.fillDisk(full));
    }

    @Override
    public Optional<ReplicaLog> find(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    @Override
    public Collection<? extends ReplicaLog> all() {
        return List.copyOf(logs.values());
    }

    @Override
    public ReplicaLog create(TopicPartition partition, Uuid topicId, LogSettings settings) {
        return logs.computeIfAbsent(
                partition,
                p -> new MemoryLog(p, topicId, settings, clock, MemoryLog.Onlooker.NONE).on(this));
    }

    @Override
    public void delete(TopicPartition partition) {
        logs.remove(partition);
    }

    @Override
    public void setAside(TopicPartition partition) {
        logs.remove(partition);
    }

    @Override
    public long checkpointedHighWatermark(TopicPartition partition) {
        return 0;
    }

    @Override
    public void startMaintenance(ToLongFunction<TopicPartition> highWatermark) {}

    @Override
    public void close(long brokerEpoch, ToLongFunction<TopicPartition> highWatermark) {}
}
