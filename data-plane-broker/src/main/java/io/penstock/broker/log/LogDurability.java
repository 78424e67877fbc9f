package io.penstock.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * How a log gets to disk: when its settings ask for it now and then, and with {@code
 * flush.messages=1} by group commit before records count. Works without the log's lock.
 */
final class LogDurability {

    private final LogFlusher flusher;
    private final LogWriter writer;
    private final LogAvailability availability;
    private final Supplier<LogSettings> settings;
    private final DurableEnd durable;

    LogDurability(
            BackgroundWork background,
            LogWriter writer,
            LogAvailability availability,
            Supplier<LogSettings> settings) {
        this.flusher = writer.flusher();
        this.writer = writer;
        this.availability = availability;
        this.settings = settings;
        this.durable =
                new DurableEnd(background, this::forceData, this::end, flusher.recoveryPoint());
    }

    private long end() {
        return writer.end().offset();
    }

    /** Forces everything up to the present end to disk. */
    void flush() throws IOException {
        long generation = durable.generation();
        long reached = end();
        flusher.flushTo(reached);
        durable.forced(reached, generation);
    }

    /** Forces to disk if flush.messages or flush.ms asks for it; whether it did. */
    boolean flushIfDue() throws IOException {
        if (!availability.isUsable()) {
            return false;
        }
        try {
            return flusher.flushIfDue(settings.get());
        } catch (IOException failure) {
            availability.forceFailed(failure);
            throw failure;
        }
    }

    /** Forces the batches alone; sealed segments are forced by the roll that sealed them. */
    private boolean forceData(long durableBefore) {
        if (!availability.isUsable()) {
            return false;
        }
        try {
            flusher.forceData(durableBefore);
        } catch (IOException | UncheckedIOException failure) {
            availability.forceFailed(failure);
            return false;
        }
        // Of a log that was closed meanwhile nothing more may have been forced.
        return !availability.isClosed();
    }

    long durableEnd() {
        long present = end();
        return settings.get().durableBeforeAcknowledged()
                ? Math.min(durable.offset(), present)
                : present;
    }

    void setListener(DurabilityListener listener) {
        durable.setListener(listener);
    }

    /** There is something new to be forced, if the settings ask for that. */
    void forceIfAsked() {
        if (settings.get().durableBeforeAcknowledged()) {
            durable.appended();
        }
    }

    /** The log was cut: a force that is under way does not count. */
    void truncated(long newEnd) {
        durable.truncated(newEnd);
        forceIfAsked();
    }

    void goOffline() {
        durable.wentOffline();
    }

    /** Everything below it was forced to disk, indexes and all. */
    long recoveryPoint() {
        return flusher.recoveryPoint();
    }
}
