package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;

import org.apache.kafka.common.Uuid;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code /brokers/known}: the registrations that the controller has acted upon, and the last ones
 * of brokers that have none now. A new controller tells by them which brokers came, went or
 * restarted while there was none, and whether one that returns is the one that left.
 */
final class KnownBrokersJson {

    private static final int VERSION = 1;

    record Known(long epoch, Uuid incarnation, boolean fenced) {}

    record Decoded(Map<Integer, Known> brokers, Map<Integer, Known> departed) {}

    private KnownBrokersJson() {}

    static byte[] encode(ClusterImage image) {
        ObjectNode node = Json.object(VERSION);
        put(node.putObject("brokers"), image.brokers());
        put(node.putObject("departed"), image.departed());
        return Json.bytes(node);
    }

    private static void put(ObjectNode byId, Map<Integer, BrokerRegistration> brokers) {
        brokers.values().stream()
                .sorted(Comparator.comparingInt(BrokerRegistration::id))
                .forEach(
                        b ->
                                byId.putObject(Integer.toString(b.id()))
                                        .put("epoch", b.epoch())
                                        .put("incarnation_id", b.incarnation().toString())
                                        .put("fenced", b.fenced()));
    }

    static Decoded decode(String path, byte[] data) {
        JsonNode node = Json.parse(path, data, VERSION);
        return new Decoded(decode(node.path("brokers")), decode(node.path("departed")));
    }

    private static Map<Integer, Known> decode(JsonNode byId) {
        Map<Integer, Known> known = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : byId.properties()) {
            String incarnation =
                    each.getValue().path("incarnation_id").asText(Uuid.ZERO_UUID.toString());
            known.put(
                    Integer.valueOf(each.getKey()),
                    new Known(
                            each.getValue().path("epoch").asLong(),
                            Uuid.fromString(incarnation),
                            each.getValue().path("fenced").asBoolean()));
        }
        return Map.copyOf(known);
    }
}
