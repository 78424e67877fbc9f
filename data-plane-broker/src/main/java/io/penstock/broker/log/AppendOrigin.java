package io.penstock.broker.log;

/** Who appends, which decides what is checked. */
public enum AppendOrigin {
    /** A client's produce request: everything is validated, sequences included. */
    CLIENT,
    /** A coordinator's own records: base sequence is always 0, so sequences are not checked. */
    COORDINATOR,
    /** Copied from a leader: offsets and epochs are kept as they come. */
    REPLICATION
}
