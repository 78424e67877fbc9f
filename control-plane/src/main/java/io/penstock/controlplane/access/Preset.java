package io.penstock.controlplane.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a credential may do with the resources of its prefix. */
public enum Preset {
    @JsonProperty("producer")
    PRODUCER,
    @JsonProperty("consumer")
    CONSUMER,
    @JsonProperty("admin")
    ADMIN
}
