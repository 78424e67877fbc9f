package io.penstock.broker.replication;

import io.penstock.broker.replication.Partition.HighWatermarkListener;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.Partition.Waiter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** Everybody who waits for something of one partition. Called outside the partition's lock. */
final class PartitionWaiters {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWaiters.class);

    private final OffsetWaiters acknowledged = new OffsetWaiters();
    private final OffsetWaiters committed = new OffsetWaiters();
    private final OffsetWaiters stable = new OffsetWaiters();
    private final OffsetWaiters appended = new OffsetWaiters();
    private final List<ReplicaListener> replicas = new CopyOnWriteArrayList<>();
    private final HighWatermarkFeed feed;

    PartitionWaiters(LongSupplier highWatermark) {
        this.feed = new HighWatermarkFeed(highWatermark);
    }

    void awaitCommit(long offset, Waiter waiter) {
        acknowledged.add(offset, waiter);
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

    void forget(Waiter waiter) {
        acknowledged.remove(waiter);
        committed.remove(waiter);
        stable.remove(waiter);
        appended.remove(waiter);
    }

    void reached(long logEnd, long highWatermark, long lastStableOffset) {
        wake(appended.reached(logEnd));
        wake(acknowledged.reached(highWatermark));
        wake(committed.reached(highWatermark));
        wake(stable.reached(lastStableOffset));
        feed.changed();
    }

    /** Nobody's position may be reached here any more as things are: all look anew. */
    void wakeAll() {
        wakeProducers();
        wake(committed.all());
        wake(stable.all());
        wake(appended.all());
    }

    void wakeProducers() {
        wake(acknowledged.all());
    }

    void tellReplicas() {
        for (ReplicaListener replica : replicas) {
            replica.onNews();
        }
    }

    void tellReplicasHighWatermark() {
        for (ReplicaListener replica : replicas) {
            replica.onHighWatermark();
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

    void add(HighWatermarkListener listener) {
        feed.add(listener);
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
