package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.common.security.scram.ScramCredential;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code /scram/<user>}: what verifies the user's password, by mechanism; never the password. */
final class ScramJson {

    private static final int VERSION = 1;

    private ScramJson() {}

    static byte[] encode(Map<String, ScramCredential> byMechanism) {
        ObjectNode node = Json.object(VERSION);
        ObjectNode credentials = node.putObject("credentials");
        new TreeMap<>(byMechanism)
                .forEach(
                        (mechanism, credential) ->
                                credentials
                                        .putObject(mechanism)
                                        .put("salt", credential.salt())
                                        .put("stored_key", credential.storedKey())
                                        .put("server_key", credential.serverKey())
                                        .put("iterations", credential.iterations()));
        return Json.bytes(node);
    }

    static Map<String, ScramCredential> decode(String path, byte[] data) {
        JsonNode node = Json.parse(path, data, VERSION);
        Map<String, ScramCredential> byMechanism = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : node.path("credentials").properties()) {
            JsonNode value = each.getValue();
            try {
                byMechanism.put(
                        each.getKey(),
                        new ScramCredential(
                                value.path("salt").binaryValue(),
                                value.path("stored_key").binaryValue(),
                                value.path("server_key").binaryValue(),
                                value.path("iterations").asInt()));
            } catch (IOException e) {
                throw new IllegalArgumentException("znode " + path + " is damaged", e);
            }
        }
        return Map.copyOf(byMechanism);
    }
}
