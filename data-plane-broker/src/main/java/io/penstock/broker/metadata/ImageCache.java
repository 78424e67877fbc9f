package io.penstock.broker.metadata;

import io.penstock.broker.time.Scheduler;
import io.penstock.broker.time.SchedulerThread;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The image that this broker follows. Swapped on one metadata thread, on which the listeners are
 * told in the order of their subscription; whoever awaits a position is told after them.
 */
public final class ImageCache implements MetadataCache, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Scheduler thread;

    /** Only the metadata thread touches these two. */
    private final List<Listener> listeners = new ArrayList<>();

    private final TreeMap<StreamPosition, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
    private volatile ClusterImage current = ClusterImage.EMPTY;
    private volatile ClusterImage applied = ClusterImage.EMPTY;

    public ImageCache() {
        this(new SchedulerThread("metadata"));
    }

    /**
     * @param thread the metadata thread, closed with this cache
     */
    public ImageCache(Scheduler thread) {
        this.thread = thread;
    }

    @Override
    public ClusterImage current() {
        return current;
    }

    @Override
    public ClusterImage applied() {
        return applied;
    }

    @Override
    public void subscribe(Listener listener) {
        thread.execute(
                () -> {
                    listeners.add(listener);
                    tell(listener, ClusterImage.EMPTY, current);
                });
    }

    /** Swaps to an image that the caller made out of {@link #current()}. */
    public CompletableFuture<Void> publish(ClusterImage next) {
        return CompletableFuture.runAsync(
                () -> {
                    ClusterImage previous = current;
                    current = next;
                    listeners.forEach(listener -> tell(listener, previous, next));
                    applied = next;
                    var reached = waiting.headMap(next.position(), true);
                    reached.values().forEach(all -> all.forEach(w -> w.complete(null)));
                    reached.clear();
                },
                thread);
    }

    /** Completes when the current image stands at the position or later, and its listeners know. */
    public CompletableFuture<Void> awaitPosition(StreamPosition position, long timeoutMillis) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        thread.execute(
                () -> {
                    if (current.position().compareTo(position) >= 0) {
                        reached.complete(null);
                    } else {
                        waiting.computeIfAbsent(position, p -> new ArrayList<>()).add(reached);
                    }
                });
        return thread.limit(reached, Duration.ofMillis(timeoutMillis));
    }

    private static void tell(Listener listener, ClusterImage previous, ClusterImage next) {
        try {
            listener.onImage(previous, next);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on the image at {}", next.position(), e);
        }
    }

    @Override
    public void close() {
        thread.close(CLOSE_LIMIT);
    }
}
