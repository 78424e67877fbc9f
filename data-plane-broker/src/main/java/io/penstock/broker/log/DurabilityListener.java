package io.penstock.broker.log;

/** Told, on any thread and outside all locks, how far a log is on disk for good. */
public interface DurabilityListener {

    /** Perhaps more than once with the same offset. */
    void onDurable(long endOffset);

    /** The disk failed: nothing of this log becomes durable any more. */
    default void onOffline() {}
}
