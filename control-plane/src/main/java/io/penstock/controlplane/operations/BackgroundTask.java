package io.penstock.controlplane.operations;

import java.time.Duration;

/** Work that one replica does again and again, at a time when no other does it. */
public interface BackgroundTask {
    String name();

    Duration interval();

    void run() throws InterruptedException;
}
