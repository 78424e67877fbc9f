package io.penstock.broker.log;

/** Told, on any thread and perhaps more than once, how far a log is on disk for good. */
public interface DurabilityListener {

    void onDurable(long endOffset);
}
