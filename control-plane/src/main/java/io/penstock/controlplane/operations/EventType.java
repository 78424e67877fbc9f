package io.penstock.controlplane.operations;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum EventType {
    @JsonProperty("operation.updated")
    OPERATION_UPDATED("operation.updated"),
    @JsonProperty("operation.log")
    OPERATION_LOG("operation.log"),
    @JsonProperty("cluster.updated")
    CLUSTER_UPDATED("cluster.updated"),
    @JsonProperty("cluster.deleted")
    CLUSTER_DELETED("cluster.deleted");

    private final String wire;

    EventType(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
