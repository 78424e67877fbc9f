package io.penstock.broker.replication;

import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.Partition.Waiter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everybody who waits for something of one partition. Called outside the partition's lock. */
final class PartitionWaiters {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWaiters.class);

    private final ReplicaLog log;
    private final HighWatermark highWatermark;
    private final OffsetWaiters acknowledged = new OffsetWaiters();
    private final OffsetWaiters durable = new OffsetWaiters();
    private final OffsetWaiters committed = new OffsetWaiters();
    private final OffsetWaiters stable = new OffsetWaiters();
    private final OffsetWaiters appended = new OffsetWaiters();
    private final OffsetWaiters deleted = new OffsetWaiters();
    private final List<ReplicaListener> replicas = new CopyOnWriteArrayList<>();
    private final HighWatermarkFeed feed;

    /** What followers were told of last. */
    private volatile long toldHighWatermark = -1;

    PartitionWaiters(ReplicaLog log, HighWatermark highWatermark) {
        this.log = log;
        this.highWatermark = highWatermark;
        this.feed = new HighWatermarkFeed(highWatermark::offset);
    }

    void awaitCommit(long offset, Waiter waiter) {
        acknowledged.add(offset, waiter);
    }

    void awaitDurable(long offset, Waiter waiter) {
        durable.add(offset, waiter);
    }

    void awaitReadable(long offset, Isolation isolation, Waiter waiter) {
        OffsetWaiters waiters =
                switch (isolation) {
                    case READ_COMMITTED -> stable;
                    case READ_UNCOMMITTED -> committed;
                    case REPLICA -> appended;
                };
        waiters.add(offset, waiter);
    }

    void awaitDeletion(long offset, Waiter waiter) {
        deleted.add(offset, waiter);
    }

    /** Whether anybody wants to know of {@link #deletedUpTo}. */
    boolean awaitDeletion() {
        return !deleted.isEmpty();
    }

    void forget(Waiter waiter) {
        acknowledged.remove(waiter);
        durable.remove(waiter);
        committed.remove(waiter);
        stable.remove(waiter);
        appended.remove(waiter);
        deleted.remove(waiter);
    }

    /** Wakes those who wait for an offset that is reached by now. */
    void wakeReached() {
        long watermark = highWatermark.offset();
        wake(appended.reached(log.end().offset()));
        if (!durable.isEmpty()) {
            wake(durable.reached(log.durableEnd()));
        }
        wake(acknowledged.reached(watermark));
        wake(committed.reached(watermark));
        wake(stable.reached(highWatermark.lastStableOffset()));
        feed.changed();
        if (watermark != toldHighWatermark) {
            toldHighWatermark = watermark;
            for (ReplicaListener replica : replicas) {
                replica.onHighWatermark();
            }
        }
    }

    /** All live replicas' logs begin at the offset or later. */
    void deletedUpTo(long lowWatermark) {
        wake(deleted.reached(lowWatermark));
    }

    /** Nobody's position may be reached here any more as things are: all look anew. */
    void wakeAll() {
        wakeProducers();
        wake(committed.all());
        wake(stable.all());
        wake(appended.all());
        wake(deleted.all());
    }

    void wakeProducers() {
        wake(acknowledged.all());
        wake(durable.all());
    }

    void tellReplicasOfRecords() {
        for (ReplicaListener replica : replicas) {
            replica.onRecords();
        }
    }

    void tellReplicas() {
        for (ReplicaListener replica : replicas) {
            replica.onNews();
        }
    }

    void add(ReplicaListener listener) {
        replicas.add(listener);
    }

    void remove(ReplicaListener listener) {
        replicas.remove(listener);
    }

    HighWatermarkFeed feed() {
        return feed;
    }

    private static void wake(List<Waiter> waiters) {
        for (Waiter waiter : waiters) {
            try {
                waiter.wake();
            } catch (RuntimeException failure) {
                LOG.error("a waiter failed", failure);
            }
        }
    }
}
