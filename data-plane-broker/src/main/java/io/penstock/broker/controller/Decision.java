package io.penstock.broker.controller;

import io.penstock.broker.metadata.MetadataRecord;

import org.apache.kafka.common.protocol.ApiMessage;

import java.util.List;
import java.util.Optional;

/**
 * What the controller decided: changes that take effect when they are committed, and what the asker
 * is told then.
 */
public record Decision(List<MetadataRecord> records, Optional<ApiMessage> reply) {

    static Decision of(List<MetadataRecord> records) {
        return new Decision(List.copyOf(records), Optional.empty());
    }

    static Decision of(List<MetadataRecord> records, ApiMessage reply) {
        return new Decision(List.copyOf(records), Optional.of(reply));
    }
}
