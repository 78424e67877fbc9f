package io.penstock.broker.log;

import io.penstock.broker.time.Clock;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. */
public final class ManualClock implements Clock {

    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);

    @Override
    public long wallMillis() {
        return millis.get();
    }

    @Override
    public long monotonicNanos() {
        return TimeUnit.MILLISECONDS.toNanos(millis.get());
    }

    public void advance(long byMillis) {
        millis.addAndGet(byMillis);
    }
}
