package io.penstock.broker.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON of znodes: an object with a {@code version}, readable for an operator. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object(int version) {
        return MAPPER.createObjectNode().put("version", version);
    }

    static byte[] bytes(ObjectNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws IllegalArgumentException when the znode holds no JSON object, or one of a version
     *     that this broker does not know
     */
    static JsonNode parse(String path, byte[] data, int newestVersion) {
        try {
            JsonNode node = MAPPER.readTree(data);
            int version = node.path("version").asInt(-1);
            if (!node.isObject() || version < 1 || version > newestVersion) {
                throw new IllegalArgumentException(
                        "znode "
                                + path
                                + " has version "
                                + version
                                + "; known are 1 to "
                                + newestVersion);
            }
            return node;
        } catch (IOException e) {
            throw new IllegalArgumentException("znode " + path + " holds no JSON", e);
        }
    }
}
