package io.penstock.controlplane.clusters;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum NodeRole {
    @JsonProperty("broker")
    BROKER,
    @JsonProperty("zookeeper")
    ZOOKEEPER
}
