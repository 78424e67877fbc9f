package io.penstock.broker.replication;

import io.penstock.broker.replication.Partition.HighWatermarkListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Tells listeners of a high watermark: in order, only upwards, by one thread at a time and outside
 * all locks. A thread that comes while another tells leaves its news to that one.
 */
final class HighWatermarkFeed {

    private static final Logger LOG = LoggerFactory.getLogger(HighWatermarkFeed.class);

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
                    tell(subscription.listener, present);
                }
            }
            seen = news.addAndGet(-seen);
        } while (seen != 0);
    }

    /** A listener that fails must not silence the others. */
    private static void tell(HighWatermarkListener listener, long highWatermark) {
        try {
            listener.onHighWatermark(highWatermark);
        } catch (RuntimeException failure) {
            LOG.error("a listener of the high watermark failed", failure);
        }
    }
}
