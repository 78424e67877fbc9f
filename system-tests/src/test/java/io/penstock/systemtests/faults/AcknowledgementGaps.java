package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.Outcome.Acknowledged;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.History.Send;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** How long a partition's producers of one kind went without an acknowledgement. */
final class AcknowledgementGaps {
    private final Map<Integer, long[]> acknowledged;

    private AcknowledgementGaps(Map<Integer, long[]> acknowledged) {
        this.acknowledged = acknowledged;
    }

    static AcknowledgementGaps of(Collection<Send> sends, ProducerKind kind) {
        var times = new HashMap<Integer, LongStream.Builder>();
        for (var send : sends) {
            if (send.producer().kind() == kind
                    && send.outcome() instanceof Acknowledged acknowledged) {
                times.computeIfAbsent(send.partition(), any -> LongStream.builder())
                        .add(acknowledged.nanos());
            }
        }
        var sorted = new HashMap<Integer, long[]>();
        times.forEach(
                (partition, nanos) -> sorted.put(partition, nanos.build().sorted().toArray()));
        return new AcknowledgementGaps(sorted);
    }

    /**
     * The longest time between two successive acknowledgements of one of the partitions that
     * touches the window; from the window's first to its last instant where there are none.
     */
    Duration longest(Set<Integer> partitions, Window window) {
        return partitions.stream()
                .map(partition -> longest(partition, window))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private Duration longest(int partition, Window window) {
        var before = window.fromNanos();
        var longest = 0L;
        for (var nanos : acknowledged.getOrDefault(partition, new long[0])) {
            if (nanos - window.fromNanos() <= 0) {
                before = nanos;
                continue;
            }
            longest = Math.max(longest, nanos - before);
            before = nanos;
            if (nanos - window.toNanos() >= 0) {
                return Duration.ofNanos(longest);
            }
        }
        // Nothing was acknowledged up to the end of the window.
        return Duration.ofNanos(Math.max(longest, window.toNanos() - before));
    }

    /** From a fault to when everything went on. */
    record Window(long fromNanos, long toNanos) {}

    /** The middle one, or the shorter of the two middle ones. */
    static Duration median(List<Duration> gaps) {
        return gaps.stream().sorted().toList().get((gaps.size() - 1) / 2);
    }
}
