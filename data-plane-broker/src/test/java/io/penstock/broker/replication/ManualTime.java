package io.penstock.broker.replication;

import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import java.time.Duration;
import java.util.PriorityQueue;

/** A clock that the test moves, and schedulers that run in the test's thread when it does. */
final class ManualTime implements Clock, Scheduler.Factory {

    private static final int TOO_MANY = 100_000;

    private record Task(long atNanos, long order, Runnable work, boolean[] cancelled)
            implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowNanos = 1_000_000_000L;
    private long order;

    @Override
    public long wallMillis() {
        return 1_700_000_000_000L + monotonicMillis();
    }

    @Override
    public long monotonicNanos() {
        return nowNanos;
    }

    @Override
    public Scheduler create(String name) {
        return new Scheduler() {
            private boolean closed;

            @Override
            public void execute(Runnable task) {
                schedule(Duration.ZERO, task);
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable work) {
                boolean[] cancelled = {false};
                Runnable unlessClosed =
                        () -> {
                            if (!closed) {
                                work.run();
                            }
                        };
                tasks.add(new Task(nowNanos + delay.toNanos(), order++, unlessClosed, cancelled));
                return () -> cancelled[0] = true;
            }

            @Override
            public void close(Duration grace) {
                closed = true;
            }
        };
    }

    /** Runs what is due now, and what becomes due by it. */
    void settle() {
        advance(Duration.ZERO);
    }

    void advance(Duration by) {
        long until = nowNanos + by.toNanos();
        int count = 0;
        while (!tasks.isEmpty() && tasks.peek().atNanos() <= until) {
            Task task = tasks.poll();
            nowNanos = Math.max(nowNanos, task.atNanos());
            if (!task.cancelled()[0]) {
                task.work().run();
            }
            if (++count > TOO_MANY) {
                throw new AssertionError("tasks beget tasks without end");
            }
        }
        nowNanos = until;
    }
}
