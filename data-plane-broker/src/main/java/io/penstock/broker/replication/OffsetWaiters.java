package io.penstock.broker.replication;

import io.penstock.broker.replication.Partition.Waiter;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Waiters for one growing offset, sorted by what they wait for. Holds nothing while nobody waits.
 * Waiters are woken by the caller, outside all locks.
 */
final class OffsetWaiters {

    private record Key(long offset, long order) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byOffset = Long.compare(offset, other.offset);
            return byOffset != 0 ? byOffset : Long.compare(order, other.order);
        }
    }

    private TreeMap<Key, Waiter> byOffset;
    private IdentityHashMap<Waiter, Key> keys;
    private long order;
    private volatile long lowest = Long.MAX_VALUE;

    /** A waiter waits for one offset at a time: a second call replaces the first. */
    synchronized void add(long offset, Waiter waiter) {
        if (byOffset == null) {
            byOffset = new TreeMap<>();
            keys = new IdentityHashMap<>();
        }
        Key key = new Key(offset, order++);
        Key before = keys.put(waiter, key);
        if (before != null) {
            byOffset.remove(before);
        }
        byOffset.put(key, waiter);
        lowest = byOffset.firstKey().offset();
    }

    boolean isEmpty() {
        return lowest == Long.MAX_VALUE;
    }

    /** Removes the waiter; whether it still waited. */
    synchronized boolean remove(Waiter waiter) {
        Key key = keys == null ? null : keys.remove(waiter);
        if (key == null) {
            return false;
        }
        byOffset.remove(key);
        releaseIfEmpty();
        return true;
    }

    /** Removes those who wait for the offset or a lower one, and answers them in that order. */
    List<Waiter> reached(long offset) {
        if (offset < lowest) {
            return List.of();
        }
        return removeUpTo(offset);
    }

    List<Waiter> all() {
        return removeUpTo(Long.MAX_VALUE);
    }

    private synchronized List<Waiter> removeUpTo(long offset) {
        List<Waiter> woken = new ArrayList<>();
        while (byOffset != null && !byOffset.isEmpty() && byOffset.firstKey().offset() <= offset) {
            Waiter waiter = byOffset.pollFirstEntry().getValue();
            keys.remove(waiter);
            woken.add(waiter);
        }
        releaseIfEmpty();
        return woken;
    }

    private void releaseIfEmpty() {
        if (byOffset == null || byOffset.isEmpty()) {
            byOffset = null;
            keys = null;
            lowest = Long.MAX_VALUE;
        } else {
            lowest = byOffset.firstKey().offset();
        }
    }
}
