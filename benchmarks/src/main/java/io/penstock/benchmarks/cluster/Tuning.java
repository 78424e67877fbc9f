package io.penstock.benchmarks.cluster;

/** Whether a peer runs as distributed, or as the fairer opponent. */
public enum Tuning {
    /** Its distributed defaults. */
    DISTRIBUTED,
    /**
     * With an AOT cache, with the first compiler alone as our brokers on small nodes, and with
     * session timeouts as low as its documentation allows in practice.
     */
    TUNED;

    String suffix() {
        return this == TUNED ? "-tuned" : "";
    }
}
