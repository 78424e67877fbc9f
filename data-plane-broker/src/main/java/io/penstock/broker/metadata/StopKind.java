package io.penstock.broker.metadata;

/**
 * How the process that had a broker's log directories before this one stopped, as the worst of the
 * directories tells. It decides whether the broker may still be trusted to hold what it had. The
 * worst comes last.
 */
public enum StopKind {

    /** In order: everything was flushed. */
    CLEAN,

    /** The process was killed, but the kernel lived on and with it the page cache. */
    PROCESS,

    /** The machine stopped, or the directory is new: acknowledged records may be missing. */
    MACHINE;

    public StopKind worst(StopKind other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
