package io.penstock.controlplane.clusters;

public enum Health {
    HEALTHY,
    DEGRADED,
    UNAVAILABLE,
    UNKNOWN
}
