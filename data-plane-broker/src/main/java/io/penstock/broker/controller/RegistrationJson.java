package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /brokers/ids/<id>}: Kafka's registration, and the incarnation of the process. */
final class RegistrationJson {

    private static final int VERSION = 5;

    private RegistrationJson() {}

    static byte[] encode(
            MembershipSettings settings, List<PreviousStop> stops, long timestampMillis) {
        ObjectNode node = Json.object(VERSION);
        ObjectNode protocols = node.putObject("listener_security_protocol_map");
        ArrayNode endpoints = node.putArray("endpoints");
        for (Endpoint endpoint : settings.endpoints()) {
            protocols.put(endpoint.listener(), endpoint.protocol().name());
            String host =
                    endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
            endpoints.add(endpoint.listener() + "://" + host + ":" + endpoint.port());
        }
        Optional<Endpoint> plain =
                settings.endpoints().stream()
                        .filter(e -> e.protocol() == SecurityProtocol.PLAINTEXT)
                        .findFirst();
        node.put("host", plain.map(Endpoint::host).orElse(null));
        node.put("port", plain.map(Endpoint::port).orElse(-1));
        node.put("jmx_port", -1);
        node.put("timestamp", Long.toString(timestampMillis));
        settings.rack().ifPresent(rack -> node.put("rack", rack));
        node.putObject("features");
        node.put("incarnation_id", settings.incarnation().toString());
        PreviousStop last = stops.isEmpty() ? PreviousStop.UNKNOWN : stops.getFirst();
        node.put("previous_broker_epoch", last.brokerEpoch());
        node.put("stop", last.kind().name());
        node.set("previous_stops", PreviousStopsJson.encode(stops));
        return Json.bytes(node);
    }

    /**
     * A broker that does not say how it stopped is trusted with nothing.
     *
     * @param epoch the znode's czxid
     */
    static BrokerRegistration decode(String path, int id, long epoch, byte[] data) {
        JsonNode node = Json.parse(path, data, VERSION);
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode each : node.path("endpoints")) {
            String text = each.asText();
            int name = text.indexOf("://");
            int colon = text.lastIndexOf(':');
            if (name < 0 || colon <= name) {
                throw new IllegalArgumentException("znode " + path + " has endpoint " + text);
            }
            String listener = text.substring(0, name);
            String host = text.substring(name + 3, colon).replaceAll("^\\[|]$", "");
            String protocol =
                    node.path("listener_security_protocol_map").path(listener).asText("PLAINTEXT");
            endpoints.add(
                    new Endpoint(
                            listener,
                            host,
                            Integer.parseInt(text.substring(colon + 1)),
                            SecurityProtocol.forName(protocol)));
        }
        return new BrokerRegistration(
                id,
                epoch,
                Uuid.fromString(node.path("incarnation_id").asText(Uuid.ZERO_UUID.toString())),
                List.copyOf(endpoints),
                Optional.ofNullable(node.path("rack").asText(null)),
                false,
                stops(node));
    }

    /** A broker of an older version tells of its last process alone. */
    private static List<PreviousStop> stops(JsonNode node) {
        if (node.has("previous_stops")) {
            return PreviousStopsJson.decode(node.get("previous_stops"));
        }
        return List.of(
                new PreviousStop(
                        node.path("previous_broker_epoch").asLong(BrokerRegistration.NO_EPOCH),
                        Uuid.ZERO_UUID,
                        StopKind.valueOf(node.path("stop").asText(StopKind.MACHINE.name()))));
    }
}
