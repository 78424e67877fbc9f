package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.metadata.BrokerRegistration;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code /brokers/known}: the registrations that the controller has acted upon. A new controller
 * tells by them which brokers came, went or restarted while there was none.
 */
final class KnownBrokersJson {

    private static final int VERSION = 1;

    record Known(long epoch, boolean fenced) {}

    private KnownBrokersJson() {}

    static byte[] encode(Collection<BrokerRegistration> brokers) {
        ObjectNode node = Json.object(VERSION);
        ObjectNode byId = node.putObject("brokers");
        brokers.stream()
                .sorted(Comparator.comparingInt(BrokerRegistration::id))
                .forEach(
                        b ->
                                byId.putObject(Integer.toString(b.id()))
                                        .put("epoch", b.epoch())
                                        .put("fenced", b.fenced()));
        return Json.bytes(node);
    }

    static Map<Integer, Known> decode(String path, byte[] data) {
        Map<Integer, Known> known = new HashMap<>();
        for (Map.Entry<String, JsonNode> each :
                Json.parse(path, data, VERSION).path("brokers").properties()) {
            known.put(
                    Integer.valueOf(each.getKey()),
                    new Known(
                            each.getValue().path("epoch").asLong(),
                            each.getValue().path("fenced").asBoolean()));
        }
        return Map.copyOf(known);
    }
}
