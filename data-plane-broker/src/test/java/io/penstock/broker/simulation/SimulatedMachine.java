package io.penstock.broker.simulation;

import io.penstock.broker.controller.KeptSession;
import io.penstock.broker.controller.PreviousStop;
import io.penstock.broker.controller.RunRecord;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.StopKind;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The machine of one broker: its disk, which outlives the processes, and what of it was only in the
 * page cache, which outlives the processes but not the machine.
 */
final class SimulatedMachine {

    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final int brokerId;
    private final SplittableRandom random;
    private final Mutation mutation;
    private final Map<TopicPartition, MemoryLog> logs = new TreeMap<>(ORDER);
    private final Map<TopicPartition, Long> highWatermarks = new HashMap<>();
    private Optional<KeptSession> keptSession = Optional.empty();
    private OptionalLong cleanEpoch = OptionalLong.empty();
    private long lastEpoch = BrokerRegistration.NO_EPOCH;
    private int lastRunBoot = -1;
    private int boot;

    /** The newest epoch under which something may have been lost with the machine. */
    private long lostEpoch = BrokerRegistration.NO_EPOCH;

    SimulatedMachine(int brokerId, SplittableRandom random, Mutation mutation) {
        this.brokerId = brokerId;
        this.random = random;
        this.mutation = mutation;
    }

    int brokerId() {
        return brokerId;
    }

    String host() {
        return "broker-" + brokerId;
    }

    Map<TopicPartition, MemoryLog> logs() {
        return logs;
    }

    /** The partition's log, if it is of this very topic and not of one of the same name. */
    Optional<MemoryLog> log(TopicIdPartition partition) {
        return Optional.ofNullable(logs.get(partition.topicPartition()))
                .filter(log -> log.topicId().equals(partition.topicId()));
    }

    Map<TopicPartition, Long> highWatermarks() {
        return highWatermarks;
    }

    /** The process of before has ended, in whatever way; the next finds the logs. */
    void nextProcess(Clock clock) {
        logs.replaceAll((partition, log) -> log.reopened(clock));
        if (mutation == Mutation.TRUNCATE_TO_HIGH_WATERMARK) {
            logs.forEach(
                    (partition, log) -> log.truncateTo(highWatermarks.getOrDefault(partition, 0L)));
        }
    }

    /** Power is gone: of what was not flushed a random beginning is kept. */
    void losePower(Clock clock) {
        boot++;
        lostEpoch = Math.max(lostEpoch, lastEpoch);
        logs.replaceAll(
                (partition, log) ->
                        log.afterPowerLoss(
                                random.nextLong(log.flushedTo(), log.end().offset() + 1), clock));
    }

    /** How often its power was gone. */
    int boots() {
        return boot;
    }

    long lostEpoch() {
        return lostEpoch;
    }

    /** All is flushed, and a marker says so. */
    void leaveCleanly(long brokerEpoch) {
        logs.values().forEach(MemoryLog::close);
        cleanEpoch =
                brokerEpoch == BrokerRegistration.NO_EPOCH
                        ? OptionalLong.empty()
                        : OptionalLong.of(brokerEpoch);
    }

    KeptSession.Keeper keptSession() {
        return new KeptSession.Keeper() {
            @Override
            public Optional<KeptSession> read() {
                return keptSession;
            }

            @Override
            public void write(KeptSession session) {
                keptSession = Optional.of(session);
            }

            @Override
            public void forget() {
                keptSession = Optional.empty();
            }
        };
    }

    /** As the files in the log directories tell it to the process that opens them now. */
    RunRecord runRecord() {
        boolean sameMachine = lastRunBoot == boot || mutation == Mutation.PAGE_CACHE_TRUSTED;
        PreviousStop previous =
                cleanEpoch.isPresent()
                        ? new PreviousStop(cleanEpoch.getAsLong(), StopKind.CLEAN)
                        : new PreviousStop(
                                lastEpoch, sameMachine ? StopKind.PROCESS : StopKind.MACHINE);
        cleanEpoch = OptionalLong.empty();
        return new RunRecord() {
            @Override
            public PreviousStop previous() {
                return previous;
            }

            @Override
            public void begin(long brokerEpoch) {
                lastEpoch = brokerEpoch;
                lastRunBoot = boot;
            }
        };
    }
}
