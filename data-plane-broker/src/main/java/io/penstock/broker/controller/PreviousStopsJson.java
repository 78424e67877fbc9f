package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;

import java.util.ArrayList;
import java.util.List;

/** How earlier processes stopped, as registrations and log directories have it. */
final class PreviousStopsJson {

    private PreviousStopsJson() {}

    static ArrayNode encode(List<PreviousStop> stops) {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        stops.forEach(
                stop ->
                        node.addObject()
                                .put("broker_epoch", stop.brokerEpoch())
                                .put("incarnation_id", stop.incarnation().toString())
                                .put("stop", stop.kind().name()));
        return node;
    }

    static List<PreviousStop> decode(JsonNode node) {
        List<PreviousStop> stops = new ArrayList<>();
        for (JsonNode each : node) {
            stops.add(
                    new PreviousStop(
                            each.path("broker_epoch").asLong(BrokerRegistration.NO_EPOCH),
                            incarnation(each),
                            StopKind.valueOf(each.path("stop").asText(StopKind.MACHINE.name()))));
        }
        return List.copyOf(stops);
    }

    /** The zero id where none is written down, as older versions do. */
    static Uuid incarnation(JsonNode node) {
        return Uuid.fromString(node.path("incarnation_id").asText(Uuid.ZERO_UUID.toString()));
    }
}
