package io.penstock.broker.simulation;

import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/**
 * One process of the simulated cluster: it runs, stands still as after SIGSTOP, or is dead. Its
 * schedulers are its threads. What falls due while it stands still happens when it goes on; what a
 * dead process still had to do never happens.
 */
final class SimulatedProcess {

    /** As a machine would wake a thread: soon, and not always equally soon. */
    private static final int WAKE_UP_NANOS = 20_000;

    private static final Duration CATCH_UP = Duration.ofNanos(200);
    private static final long WALL_ORIGIN_MILLIS = 1_800_000_000_000L;

    private enum State {
        RUNNING,
        PAUSED,
        DEAD
    }

    private final String name;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private State state = State.RUNNING;
    private long wallOffsetMillis;

    SimulatedProcess(String name, SimulatedTime time, SplittableRandom random) {
        this.name = name;
        this.time = time;
        this.random = random;
    }

    /** A thread of this process: what is executed runs one after the other, in order. */
    private final class Thread implements Scheduler {
        private final String label;
        private final ArrayDeque<Runnable> due = new ArrayDeque<>();
        private boolean closed;

        private Thread(String label) {
            this.label = label;
        }

        @Override
        public void execute(Runnable task) {
            if (state == State.DEAD || closed) {
                return;
            }
            due.add(task);
            time.atNanos(
                    time.nanos() + 1 + random.nextInt(WAKE_UP_NANOS),
                    label,
                    () -> perform(this::runNext));
        }

        private void runNext() {
            if (!closed) {
                due.remove().run();
            }
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            SimulatedTime.Event event =
                    time.atNanos(
                            time.nanos() + delay.toNanos() + 1 + random.nextInt(WAKE_UP_NANOS),
                            label,
                            () -> execute(task));
            return event::cancel;
        }

        @Override
        public void close(Duration grace) {
            closed = true;
            due.clear();
        }
    }

    Scheduler scheduler(String thread) {
        return new Thread(name + "/" + thread);
    }

    Clock clock() {
        return new Clock() {
            @Override
            public long wallMillis() {
                return WALL_ORIGIN_MILLIS + time.millis() + wallOffsetMillis;
            }

            @Override
            public long monotonicNanos() {
                return time.nanos();
            }
        };
    }

    /**
     * As an operator or a bad time server would.
     *
     * @param millis how far the clock is off from then on
     */
    void jumpWallClock(long millis) {
        wallOffsetMillis = millis;
    }

    /** Does it now, or when the process goes on, or never. */
    void perform(Runnable task) {
        if (state == State.PAUSED || state == State.RUNNING && !held.isEmpty()) {
            held.add(task);
        } else if (state == State.RUNNING) {
            task.run();
        }
    }

    /** What was held goes first, in its order; what falls due meanwhile queues up behind it. */
    private void catchUp() {
        if (state == State.RUNNING && !held.isEmpty()) {
            held.getFirst().run();
            if (state != State.DEAD) {
                held.removeFirst();
            }
            time.after(CATCH_UP, name + "/catches-up", this::catchUp);
        }
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isPaused() {
        return state == State.PAUSED;
    }

    boolean isDead() {
        return state == State.DEAD;
    }

    void pause() {
        if (state == State.RUNNING) {
            state = State.PAUSED;
        }
    }

    void resume() {
        if (state != State.PAUSED) {
            return;
        }
        state = State.RUNNING;
        time.after(CATCH_UP, name + "/resumes", this::catchUp);
    }

    void kill() {
        state = State.DEAD;
        held.clear();
    }

    @Override
    public String toString() {
        return name;
    }
}
