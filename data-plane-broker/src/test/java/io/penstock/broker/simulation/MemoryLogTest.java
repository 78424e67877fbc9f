package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.Batches;
import io.penstock.broker.log.ManualClock;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.replication.ReplicaLog;
import io.penstock.broker.time.Clock;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

class MemoryLogTest extends ReplicaLogContract {

    private final Clock clock = new ManualClock();
    private final Queue<Runnable> disk = new ArrayDeque<>();

    @Override
    MemoryLog create() {
        return new MemoryLog(PARTITION, TOPIC_ID, SETTINGS, clock, MemoryLog.Onlooker.NONE);
    }

    @Override
    MemoryLog createDurable() {
        return new MemoryLog(PARTITION, TOPIC_ID, DURABLE, clock, MemoryLog.Onlooker.NONE)
                .on((delay, task) -> disk.add(task));
    }

    @Override
    void awaitDisk(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            disk.remove().run();
        }
    }

    @Override
    ReplicaLog afterKill(ReplicaLog log) {
        return ((MemoryLog) log).reopened(clock).on((delay, task) -> disk.add(task));
    }

    @Test
    void aLossOfPowerTakesWhatWasNotFlushed() {
        MemoryLog log = create();
        append(log, "kept");
        log.flush();
        append(log, "lost");
        append(log, "lost too");

        MemoryLog after = log.afterPowerLoss(2, clock);

        assertThat(after.end().offset()).isEqualTo(2);
        assertThat(after.chainBelow(2)).isEqualTo(log.chainBelow(2));
        assertThatThrownBy(() -> after.afterPowerLoss(0, clock))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void chainsDifferWhereBatchesDiffer() {
        MemoryLog one = create();
        MemoryLog other = create();
        append(one, "same");
        append(other, "same");
        append(one, "this");
        append(other, "that");

        assertThat(one.chainBelow(1)).isEqualTo(other.chainBelow(1)).isPresent();
        assertThat(one.chainBelow(2)).isNotEqualTo(other.chainBelow(2));
        assertThat(one.chainBelow(3)).isEmpty();
    }

    private void append(MemoryLog log, String value) {
        log.append(Batches.of(Batches.record(clock.wallMillis(), value)), AppendOrigin.CLIENT, 1);
    }
}
