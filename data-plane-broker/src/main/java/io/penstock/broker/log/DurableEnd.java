package io.penstock.broker.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How far a log is on disk for good, moved by group commit: while one force runs, everything
 * appended meanwhile gathers for the next, which begins as soon as the disk is free. So the longest
 * wait is that of two forces, and an idle disk makes nobody wait.
 */
final class DurableEnd {

    /** Forces everything to disk from the offset on; whether that succeeded. */
    interface Forcing {
        boolean force(long fromOffset);
    }

    private static final int IDLE = 0;
    private static final int FORCING = 1;
    private static final int FORCING_AND_APPENDED = 2;

    private final BackgroundWork background;
    private final Forcing forcing;
    private final LongSupplier endOffset;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private long offset;
    private long cuts;
    private volatile DurabilityListener listener = reached -> {};

    /**
     * @param offset everything below it is on disk already
     */
    DurableEnd(BackgroundWork background, Forcing forcing, LongSupplier endOffset, long offset) {
        this.background = background;
        this.forcing = forcing;
        this.endOffset = endOffset;
        this.offset = offset;
    }

    synchronized long offset() {
        return offset;
    }

    void setListener(DurabilityListener durabilityListener) {
        listener = durabilityListener;
    }

    /** Something is to be forced: at once, or as soon as the present force ends. */
    void appended() {
        if (state.getAndUpdate(s -> s == IDLE ? FORCING : FORCING_AND_APPENDED) == IDLE) {
            background.force(this::run);
        }
    }

    private void run() {
        state.set(FORCING);
        try {
            force();
        } finally {
            // A force that failed is not tried again: the log is closed or its directory offline.
            if (!state.compareAndSet(FORCING, IDLE)) {
                background.force(this::run);
            }
        }
    }

    private void force() {
        long generation = generation();
        long reached = endOffset.getAsLong();
        long from = offset();
        if (reached <= from) {
            return;
        }
        if (forcing.force(from)) {
            background.forced();
            forced(reached, generation);
        }
    }

    /** Changes with every cut; to be read before a force. */
    synchronized long generation() {
        return cuts;
    }

    /** Everything below was forced, unless the log was cut meanwhile. */
    void forced(long reached, long generation) {
        synchronized (this) {
            if (generation != cuts) {
                return;
            }
            offset = Math.max(offset, reached);
        }
        listener.onDurable(reached);
    }

    /** The log ends here now; to be told after the cut. */
    synchronized void truncated(long newEnd) {
        cuts++;
        offset = Math.min(offset, newEnd);
    }

    /** Nothing is forced any more: whoever waits for it hears so, from a thread without locks. */
    void wentOffline() {
        background.force(() -> listener.onOffline());
    }
}
