package io.penstock.launcher.load;

import java.util.HashMap;
import java.util.Map;

/**
 * Checks that the records of each key arrive one after the other, without gap, repetition or swap.
 * A partition that a member takes over in the middle begins wherever the member before it has
 * committed.
 */
final class KeyOrder {
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private long violations;

    private record Partition(boolean fromStart, Map<String, Long> next) {}

    void arrived(int partition, long offset, String key, long sequence) {
        var state = partitions.get(partition);
        if (state == null) {
            state = new Partition(offset == 0, new HashMap<>());
            partitions.put(partition, state);
        }
        var expected = state.next().getOrDefault(key, state.fromStart() ? 0L : sequence);
        if (sequence != expected) {
            violations++;
        }
        state.next().put(key, sequence + 1);
    }

    /** Another member reads the partition from now on. */
    void revoked(int partition) {
        partitions.remove(partition);
    }

    long violations() {
        return violations;
    }
}
