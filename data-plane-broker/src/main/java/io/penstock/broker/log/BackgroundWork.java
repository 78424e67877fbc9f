package io.penstock.broker.log;

/** Takes work off the threads that append and read. */
public interface BackgroundWork {

    /** Runs the task on a thread that may block, once the delay has passed. */
    void later(long delayMillis, Runnable task);

    /** Runs the task at once on a thread that may wait for the disk; nothing else waits there. */
    default void force(Runnable task) {
        later(0, task);
    }

    /** A group of records is on disk for good. */
    default void forced() {}
}
