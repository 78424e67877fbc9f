package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.zk.ZkPaths;

import org.apache.kafka.common.config.ConfigResource;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code /config/<type>/<entity>}: Kafka's dynamic configuration. */
final class ConfigJson {

    static final Map<ConfigResource.Type, String> FOLDERS =
            Map.of(
                    ConfigResource.Type.TOPIC, "topics",
                    ConfigResource.Type.BROKER, "brokers");

    private static final int VERSION = 1;
    private static final String DEFAULT_ENTITY = "<default>";

    private ConfigJson() {}

    static String path(ConfigResource resource) {
        String entity = resource.name().isEmpty() ? DEFAULT_ENTITY : resource.name();
        return ZkPaths.config(FOLDERS.get(resource.type()), entity);
    }

    static ConfigResource resource(ConfigResource.Type type, String element) {
        String entity = ZkPaths.decode(element);
        return new ConfigResource(type, entity.equals(DEFAULT_ENTITY) ? "" : entity);
    }

    static byte[] encode(Map<String, String> values) {
        ObjectNode node = Json.object(VERSION);
        ObjectNode config = node.putObject("config");
        new TreeMap<>(values).forEach(config::put);
        return Json.bytes(node);
    }

    static Map<String, String> decode(String path, byte[] data) {
        JsonNode node = Json.parse(path, data, VERSION);
        Map<String, String> values = new HashMap<>();
        node.path("config")
                .properties()
                .forEach(e -> values.put(e.getKey(), e.getValue().asText()));
        return Map.copyOf(values);
    }
}
