package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.time.Scheduler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The committed changes of one controller epoch, in order. Brokers that are not far behind get
 * changes, the others a snapshot; one that has all waits for the next.
 */
final class DeltaLog {

    private static final int MAX_RECORDS = 20_000;

    /**
     * What a broker gets.
     *
     * @param snapshot whether the records start from nothing
     */
    record Fetched(StreamPosition position, boolean snapshot, List<MetadataRecord> records) {}

    private record Delta(long sequence, List<MetadataRecord> records) {}

    private final ArrayDeque<Delta> deltas = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private final Scheduler timers;
    private int recordCount;
    private ClusterImage image;
    private boolean closed;

    DeltaLog(ClusterImage image, Scheduler timers) {
        this.image = image;
        this.timers = timers;
    }

    synchronized ClusterImage image() {
        return image;
    }

    /** The position is one after the last one. */
    void append(ClusterImage next, List<MetadataRecord> records) {
        List<CompletableFuture<Void>> woken;
        synchronized (this) {
            image = next;
            deltas.add(new Delta(next.position().sequence(), List.copyOf(records)));
            recordCount += records.size();
            while (recordCount > MAX_RECORDS && !deltas.isEmpty()) {
                recordCount -= deltas.removeFirst().records().size();
            }
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(w -> w.complete(null));
    }

    /** Completes with what comes after the position, or with nothing new after the longest wait. */
    CompletableFuture<Fetched> fetch(StreamPosition from, long maxWaitMillis) {
        CompletableFuture<Void> news;
        synchronized (this) {
            if (closed || !from.equals(image.position())) {
                return CompletableFuture.completedFuture(after(from));
            }
            news = new CompletableFuture<>();
            waiting.add(news);
        }
        Scheduler.Cancellable timer =
                timers.schedule(Duration.ofMillis(maxWaitMillis), () -> news.complete(null));
        return news.whenComplete(
                        (done, failure) -> {
                            timer.cancel();
                            forget(news);
                        })
                .thenApply(done -> after(from));
    }

    private synchronized void forget(CompletableFuture<Void> waiter) {
        waiting.remove(waiter);
    }

    private synchronized Fetched after(StreamPosition from) {
        StreamPosition newest = image.position();
        if (from.equals(newest)) {
            return new Fetched(newest, false, List.of());
        }
        boolean covered =
                from.controllerEpoch() == newest.controllerEpoch()
                        && from.sequence() < newest.sequence()
                        && !deltas.isEmpty()
                        && deltas.getFirst().sequence() <= from.sequence() + 1;
        if (!covered) {
            return new Fetched(newest, true, ClusterImages.snapshot(image));
        }
        List<MetadataRecord> records = new ArrayList<>();
        deltas.stream()
                .filter(d -> d.sequence() > from.sequence())
                .forEach(d -> records.addAll(d.records()));
        return new Fetched(newest, false, List.copyOf(records));
    }

    /** Wakes everybody who waits. */
    void close() {
        List<CompletableFuture<Void>> woken;
        synchronized (this) {
            closed = true;
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(w -> w.complete(null));
    }
}
