package io.penstock.broker.controller;

import io.penstock.broker.config.TopicConfigDefinition;
import io.penstock.broker.config.TopicConfigDefinitions;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dynamic configuration of topics and brokers. */
final class ConfigDecisions {

    Decision alter(ClusterImage image, IncrementalAlterConfigsRequestData request) {
        var response = new IncrementalAlterConfigsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        for (var each : request.resources()) {
            var result =
                    new AlterConfigsResourceResponse()
                            .setResourceType(each.resourceType())
                            .setResourceName(each.resourceName());
            try {
                ConfigResource resource =
                        requireResource(image, each.resourceType(), each.resourceName());
                Map<String, String> values = new HashMap<>(current(image, resource));
                Set<String> named = new HashSet<>();
                for (AlterableConfig config : each.configs()) {
                    if (!named.add(config.name())) {
                        throw Refusal.of(
                                Errors.INVALID_REQUEST,
                                config.name() + " is named twice for the same resource");
                    }
                    alter(resource, values, config);
                }
                requireValid(resource, values);
                if (!request.validateOnly() && !values.equals(current(image, resource))) {
                    records.add(new MetadataRecord.ConfigChanged(resource, Map.copyOf(values)));
                }
            } catch (Refusal refusal) {
                result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.getMessage());
            }
            response.responses().add(result);
        }
        return Decision.of(records, response);
    }

    private static void alter(
            ConfigResource resource, Map<String, String> values, AlterableConfig config)
            throws Refusal {
        OpType operation = OpType.forId(config.configOperation());
        switch (operation) {
            case SET -> values.put(config.name(), requireValue(config.name(), config.value()));
            case DELETE -> values.remove(config.name());
            case APPEND, SUBTRACT -> {
                List<String> given = elements(requireValue(config.name(), config.value()));
                List<String> before =
                        elements(
                                values.getOrDefault(
                                        config.name(), listDefault(resource, config.name())));
                List<String> after = new ArrayList<>(before);
                if (operation == OpType.APPEND) {
                    given.stream().filter(e -> !after.contains(e)).forEach(after::add);
                } else {
                    after.removeAll(given);
                }
                values.put(config.name(), String.join(",", after));
            }
            case null ->
                    throw Refusal.of(
                            Errors.INVALID_REQUEST,
                            "unknown operation "
                                    + config.configOperation()
                                    + " on "
                                    + config.name());
        }
    }

    private static String listDefault(ConfigResource resource, String name) throws Refusal {
        TopicConfigDefinition definition =
                resource.type() == ConfigResource.Type.TOPIC
                        ? TopicConfigDefinitions.find(name).orElse(null)
                        : null;
        if (definition == null || definition.type() != ConfigDef.Type.LIST) {
            throw Refusal.of(
                    Errors.INVALID_CONFIG,
                    name + " is no list: APPEND and SUBTRACT are only for lists");
        }
        return definition.defaultValue();
    }

    private static List<String> elements(String list) {
        return Arrays.stream(list.split(",")).map(String::trim).filter(e -> !e.isEmpty()).toList();
    }

    /** What is not named loses its value. */
    Decision replace(ClusterImage image, AlterConfigsRequestData request) {
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        for (var each : request.resources()) {
            var result =
                    new AlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(each.resourceType())
                            .setResourceName(each.resourceName());
            try {
                ConfigResource resource =
                        requireResource(image, each.resourceType(), each.resourceName());
                Map<String, String> values = new HashMap<>();
                for (var config : each.configs()) {
                    values.put(config.name(), requireValue(config.name(), config.value()));
                }
                requireValid(resource, values);
                if (!request.validateOnly() && !values.equals(current(image, resource))) {
                    records.add(new MetadataRecord.ConfigChanged(resource, Map.copyOf(values)));
                }
            } catch (Refusal refusal) {
                result.setErrorCode(refusal.error().code()).setErrorMessage(refusal.getMessage());
            }
            response.responses().add(result);
        }
        return Decision.of(records, response);
    }

    private static Map<String, String> current(ClusterImage image, ConfigResource resource) {
        return image.configs().getOrDefault(resource, Map.of());
    }

    private static ConfigResource requireResource(ClusterImage image, byte type, String name)
            throws Refusal {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.forId(type), name);
        switch (resource.type()) {
            case TOPIC -> {
                if (!image.topics().containsKey(name)) {
                    throw Refusal.of(
                            Errors.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic '" + name + "'");
                }
            }
            case BROKER -> {
                if (!name.isEmpty() && !name.matches("[0-9]{1,9}")) {
                    throw Refusal.of(
                            Errors.INVALID_REQUEST,
                            "a broker is named by its id, or all by the empty name, not by '"
                                    + name
                                    + "'");
                }
            }
            default ->
                    throw Refusal.of(
                            Errors.INVALID_REQUEST,
                            "configuration of " + resource.type() + " cannot be altered here");
        }
        return resource;
    }

    private static String requireValue(String name, String value) throws Refusal {
        if (value == null) {
            throw Refusal.of(Errors.INVALID_CONFIG, name + " must have a value");
        }
        return value;
    }

    private static void requireValid(ConfigResource resource, Map<String, String> values)
            throws Refusal {
        List<String> problems =
                resource.type() == ConfigResource.Type.TOPIC
                        ? TopicConfigDefinitions.problems(values)
                        : BrokerConfigRules.problems(resource.name(), values);
        if (!problems.isEmpty()) {
            throw Refusal.of(Errors.INVALID_CONFIG, String.join("; ", problems));
        }
    }
}
