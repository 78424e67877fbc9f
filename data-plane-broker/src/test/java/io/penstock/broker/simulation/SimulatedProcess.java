package io.penstock.broker.simulation;

import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * One process of the simulated cluster: it runs, stands still as after SIGSTOP, or is dead. Its
 * schedulers are its threads, of which one may stand still while the others go on. What falls due
 * meanwhile happens when it goes on; what a dead process still had to do never happens.
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
    private final List<Thread> threads = new ArrayList<>();
    private Predicate<String> mayWait = thread -> false;
    private Optional<WaitingTask> running = Optional.empty();
    private State state = State.RUNNING;
    private long wallOffsetMillis;
    private long turns;

    SimulatedProcess(String name, SimulatedTime time, SplittableRandom random) {
        this.name = name;
        this.time = time;
        this.random = random;
    }

    /** A thread of this process: what is executed runs one after the other, in order. */
    private final class Thread implements Scheduler {
        private final String thread;
        private final String label;
        private final ArrayDeque<Runnable> due = new ArrayDeque<>();
        private Optional<WaitingTask> waiting = Optional.empty();
        private boolean stalled;
        private int missed;
        private boolean closed;

        private Thread(String thread) {
            this.thread = thread;
            this.label = name + "/" + thread;
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
            if (closed) {
                return;
            }
            if (stalled || waiting.isPresent()) {
                missed++;
                return;
            }
            Runnable task = due.remove();
            if (!mayWait.test(thread)) {
                task.run();
                return;
            }
            WaitingTask patient = new WaitingTask(task, this::ended);
            waiting = Optional.of(patient);
            turn(patient, patient::start);
        }

        private void ended() {
            waiting = Optional.empty();
            if (!stalled) {
                release();
            }
        }

        private void release() {
            stalled = false;
            for (; missed > 0; missed--) {
                time.after(CATCH_UP, label, () -> perform(this::runNext));
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
        Thread made = new Thread(thread);
        threads.add(made);
        return made;
    }

    /** The names of its threads, in the order in which they began. */
    List<String> threads() {
        return threads.stream().filter(thread -> !thread.closed).map(t -> t.thread).toList();
    }

    /** These threads stand still, as when a disk or the machine's scheduler keeps them waiting. */
    void stall(Predicate<String> which) {
        for (Thread thread : threads) {
            thread.stalled |= which.test(thread.thread);
        }
    }

    /** These threads go on, if they stood still. */
    void release(Predicate<String> which) {
        for (Thread thread : threads) {
            if (thread.stalled && which.test(thread.thread)) {
                thread.release();
            }
        }
    }

    /** From now on the tasks of these threads may {@link #await} something. */
    void letWait(Predicate<String> which) {
        mayWait = which;
    }

    private void turn(WaitingTask task, Runnable part) {
        Optional<WaitingTask> before = running;
        running = Optional.of(task);
        try {
            part.run();
        } finally {
            running = before;
        }
    }

    /**
     * Lets everything else go on until the future is done. Only for tasks that may wait.
     *
     * @throws TimeoutException if it is not done in time
     */
    void await(CompletableFuture<?> future, Duration limit) throws TimeoutException {
        if (future.isDone()) {
            return;
        }
        WaitingTask task =
                running.orElseThrow(
                        () -> new IllegalStateException("waits on a thread that must not"));
        boolean[] woken = {false};
        Runnable wake =
                () -> {
                    if (!woken[0]) {
                        woken[0] = true;
                        time.after(
                                CATCH_UP,
                                name + "/goes-on",
                                () -> perform(() -> turn(task, task::goOn)));
                    }
                };
        SimulatedTime.Event tooLate =
                time.after(limit, name + "/waits-no-longer", () -> perform(wake));
        future.whenComplete((done, failure) -> wake.run());
        task.pause();
        tooLate.cancel();
        if (!future.isDone()) {
            throw new TimeoutException("not done within " + limit);
        }
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
            turns++;
            task.run();
        }
    }

    /** What was held goes first, in its order; what falls due meanwhile queues up behind it. */
    private void catchUp() {
        if (state == State.RUNNING && !held.isEmpty()) {
            turns++;
            held.getFirst().run();
            if (state != State.DEAD) {
                held.removeFirst();
            }
            time.after(CATCH_UP, name + "/catches-up", this::catchUp);
        }
    }

    /** How often it did something: while this stays the same, so does all that it has. */
    long turns() {
        return turns;
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
        for (Thread thread : threads) {
            thread.waiting.ifPresent(WaitingTask::abandon);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
