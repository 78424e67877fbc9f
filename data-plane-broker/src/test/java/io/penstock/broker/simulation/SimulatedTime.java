package io.penstock.broker.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Virtual time: everything that happens in a simulation is an event of this queue. Events of one
 * moment come in an order that the seed draws, so that no test rests on a lucky order. What
 * happened goes into a digest: two runs of one seed have the same.
 */
final class SimulatedTime {

    private static final long DIGEST_PRIME = 0x100000001b3L;

    private final SplittableRandom ties;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private Consumer<String> onEvent = label -> {};
    private Consumer<String> onNote = what -> {};
    private long nowNanos;
    private long sequence;
    private long happened;
    private long digest = 0xcbf29ce484222325L;

    /** What was asked to happen, and may still be called off. */
    static final class Event implements Comparable<Event> {
        private final long nanos;
        private final long tie;
        private final long sequence;
        private final String label;
        private Runnable task;

        private Event(long nanos, long tie, long sequence, String label, Runnable task) {
            this.nanos = nanos;
            this.tie = tie;
            this.sequence = sequence;
            this.label = label;
            this.task = task;
        }

        void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(nanos, other.nanos);
            if (byTime != 0) {
                return byTime;
            }
            int byTie = Long.compare(tie, other.tie);
            return byTie != 0 ? byTie : Long.compare(sequence, other.sequence);
        }
    }

    SimulatedTime(long seed) {
        this.ties = new SplittableRandom(seed);
    }

    /** Nanoseconds since the simulation began. */
    long nanos() {
        return nowNanos;
    }

    long millis() {
        return nowNanos / 1_000_000;
    }

    Event after(Duration delay, String label, Runnable task) {
        return atNanos(nowNanos + Math.max(0, delay.toNanos()), label, task);
    }

    Event atNanos(long nanos, String label, Runnable task) {
        Event event =
                new Event(Math.max(nowNanos, nanos), ties.nextInt(1024), sequence++, label, task);
        queue.add(event);
        return event;
    }

    /** Told of each event before it happens. */
    void onEvent(Consumer<String> listener) {
        onEvent = listener;
    }

    /** Told of what is put into the digest apart from the events: what one wants to read. */
    void onNote(Consumer<String> listener) {
        onNote = listener;
    }

    /** Lets the next event happen; false when nothing is left. */
    boolean step() {
        Event next = queue.poll();
        while (next != null && next.task == null) {
            next = queue.poll();
        }
        if (next == null) {
            return false;
        }
        nowNanos = next.nanos;
        happened++;
        digest(next.label);
        onEvent.accept(next.label);
        next.task.run();
        return true;
    }

    /** Puts something that was observed into the digest, with the moment. */
    void note(String what) {
        digest(what);
        onNote.accept(what);
    }

    private void digest(String what) {
        digest = (digest ^ nowNanos) * DIGEST_PRIME;
        digest = (digest ^ what.hashCode()) * DIGEST_PRIME;
    }

    long digest() {
        return digest;
    }

    long eventsHappened() {
        return happened;
    }
}
