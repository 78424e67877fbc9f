package io.penstock.broker.simulation;

import java.util.concurrent.Semaphore;

/**
 * A task of the code under test that may wait for something in the middle. It has a thread of its
 * own, but runs only while the simulation waits for it: still one thing happens after the other.
 */
final class WaitingTask {

    private final Runnable task;
    private final Runnable ended;
    private final Semaphore itsTurn = new Semaphore(0);
    private final Semaphore othersTurn = new Semaphore(0);
    private Throwable failure;
    private boolean waiting;
    private boolean abandoned;

    /** Takes what waits out of a process that is dead. Nobody catches it. */
    static final class ProcessEnded extends Error {
        private static final long serialVersionUID = 1L;

        private ProcessEnded() {
            super("the process is dead", null, false, false);
        }
    }

    /**
     * @param ended told when the task is done, in whatever way
     */
    WaitingTask(Runnable task, Runnable ended) {
        this.task = task;
        this.ended = ended;
    }

    /** Runs it until it waits or ends. */
    void start() {
        Thread.ofVirtual().start(this::run);
        await();
    }

    private void run() {
        try {
            task.run();
        } catch (ProcessEnded over) {
            // Nothing of a dead process goes on.
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            ended.run();
            othersTurn.release();
        }
    }

    private void await() {
        othersTurn.acquireUninterruptibly();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    boolean isWaiting() {
        return waiting;
    }

    /** Called by the task: waits until the simulation lets it go on. */
    void pause() {
        if (!abandoned) {
            waiting = true;
            othersTurn.release();
            itsTurn.acquireUninterruptibly();
            waiting = false;
        }
        if (abandoned) {
            throw new ProcessEnded();
        }
    }

    /** Runs it on until it waits again or ends. */
    void goOn() {
        itsTurn.release();
        await();
    }

    /** Its process is dead: it ends where it is, or where it would wait next. */
    void abandon() {
        abandoned = true;
        if (waiting) {
            goOn();
        }
    }
}
