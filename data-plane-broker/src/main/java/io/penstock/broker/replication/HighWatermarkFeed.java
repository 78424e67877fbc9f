package io.penstock.broker.replication;

import io.penstock.broker.replication.Partition.HighWatermarkListener;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Tells listeners of a high watermark: in order, only upwards, by one thread at a time and outside
 * all locks. A thread that comes while another tells leaves its news to that one.
 */
final class HighWatermarkFeed {

    private final LongSupplier highWatermark;
    private final AtomicInteger news = new AtomicInteger();
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    private static final class Subscription {
        private final HighWatermarkListener listener;
        private long told = -1;

        Subscription(HighWatermarkListener listener) {
            this.listener = listener;
        }
    }

    HighWatermarkFeed(LongSupplier highWatermark) {
        this.highWatermark = highWatermark;
    }

    void add(HighWatermarkListener listener) {
        subscriptions.add(new Subscription(listener));
        changed();
    }

    void remove(HighWatermarkListener listener) {
        subscriptions.removeIf(subscription -> subscription.listener == listener);
    }

    void clear() {
        subscriptions.clear();
    }

    void changed() {
        if (subscriptions.isEmpty() || news.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            long present = highWatermark.getAsLong();
            for (Subscription subscription : subscriptions) {
                if (present > subscription.told) {
                    subscription.told = present;
                    subscription.listener.onHighWatermark(present);
                }
            }
            seen = news.addAndGet(-seen);
        } while (seen != 0);
    }
}
