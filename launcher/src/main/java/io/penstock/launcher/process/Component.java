package io.penstock.launcher.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A background part of the installation that {@code up} starts and {@code down} stops. */
public interface Component {
    String name();

    Optional<Long> pid();

    Path log();

    /** Whether it serves right now; never throws, and answers within a few seconds. */
    boolean healthy();

    /** Whether the running process is what {@link #start} would start. */
    boolean current();

    /** Makes ready what the process needs (files, binaries); idempotent. */
    void prepare() throws Exception;

    void start();

    /** What must be done once it serves (roles, realm); idempotent. */
    void settle() throws Exception;

    void stop() throws InterruptedException;

    /** How long a start may take. */
    Duration patience();
}
