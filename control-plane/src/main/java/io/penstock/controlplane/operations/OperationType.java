package io.penstock.controlplane.operations;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum OperationType {
    @JsonProperty("cluster.create")
    CLUSTER_CREATE,
    @JsonProperty("cluster.delete")
    CLUSTER_DELETE
}
