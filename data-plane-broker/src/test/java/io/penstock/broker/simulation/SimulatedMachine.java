package io.penstock.broker.simulation;

import io.penstock.broker.controller.KeptSession;
import io.penstock.broker.controller.LastRun;
import io.penstock.broker.controller.RunRecord;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
    private Optional<LastRun> lastRun = Optional.empty();
    private int boot;

    /** Processes that began before the last loss of power: of what they left some may be gone. */
    private final Set<Uuid> lost = new HashSet<>();

    private final Set<Uuid> begun = new HashSet<>();

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
        lost.addAll(begun);
        logs.replaceAll(
                (partition, log) ->
                        log.afterPowerLoss(
                                random.nextLong(log.flushedTo(), log.end().offset() + 1), clock));
    }

    /** How often its power was gone. */
    int boots() {
        return boot;
    }

    /** Whether power was lost since the process began, so that what it left may be gone. */
    boolean lostPowerSince(Uuid incarnation) {
        return lost.contains(incarnation);
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

    /** As the file in a log directory tells it to the process that opens it now. */
    RunRecord runRecord() {
        Optional<String> kernel =
                Optional.of(mutation == Mutation.PAGE_CACHE_TRUSTED ? "boot" : "boot-" + boot);
        List<PreviousStop> previous = LastRun.stops(List.of(lastRun), cleanEpoch, kernel);
        cleanEpoch = OptionalLong.empty();
        return new RunRecord() {
            @Override
            public List<PreviousStop> previous() {
                return previous;
            }

            @Override
            public void begin(Uuid incarnation) {
                begun.add(incarnation);
                lastRun = Optional.of(LastRun.begun(kernel, incarnation, previous));
            }

            @Override
            public void shown(long brokerEpoch) {
                lastRun = lastRun.map(run -> run.shown(brokerEpoch));
            }
        };
    }
}
