package io.penstock.broker.network;

import io.penstock.broker.time.Clock;

import org.slf4j.Logger;

import java.time.Duration;

/** Logs at most one line per interval, with the number of lines held back since the last. */
final class RateLimitedLog {

    private final Logger log;
    private final Clock clock;
    private final long intervalNanos;
    private boolean logged;
    private long lastNanos;
    private long heldBack;

    RateLimitedLog(Logger log, Clock clock, Duration interval) {
        this.log = log;
        this.clock = clock;
        this.intervalNanos = interval.toNanos();
    }

    synchronized void warn(String line) {
        long now = clock.monotonicNanos();
        if (logged && now - lastNanos < intervalNanos) {
            heldBack++;
            return;
        }
        if (heldBack > 0) {
            log.warn("{} ({} lines like this were held back)", line, heldBack);
        } else {
            log.warn("{}", line);
        }
        logged = true;
        lastNanos = now;
        heldBack = 0;
    }
}
