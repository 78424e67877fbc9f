package io.penstock.provisioner.terraform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.provisioner.nodes.NodePlacement;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The root module of one cluster, in Terraform's JSON syntax: the backend, and one call of a
 * platform module with everything but the tokens, which come as a sensitive variable by the
 * environment.
 *
 * @param arguments of the module, by name
 */
record RootModule(Map<String, Object> arguments) {
    static final String TOKENS = "enrolment_tokens";

    private static final ObjectMapper JSON = new ObjectMapper();

    static RootModule of(PlatformInput input, WorkspaceFolder folder) {
        SortedMap<String, Object> nodes = new TreeMap<>();
        input.layout().nodes().forEach(node -> nodes.put(node.name(), attributes(node)));
        Map<String, Object> arguments = common(input.layout().clusterId(), folder, nodes);
        arguments.put("network_range", literal(input.layout().networkRange()));
        arguments.put("enrol_url", literal(input.enrolUrl()));
        arguments.put("enrol_ca_sha256", literal(input.enrolCaSha256()));
        arguments.put("java_home", literal(input.javaHome().toString()));
        return new RootModule(arguments);
    }

    /** What a destroy needs: the provisioners and where the nodes' folders are. */
    static RootModule withoutNodes(String clusterId, WorkspaceFolder folder) {
        return new RootModule(common(clusterId, folder, new TreeMap<>()));
    }

    String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("terraform", Map.of("backend", Map.of("pg", Map.of())));
        root.put(
                "variable",
                Map.of(
                        TOKENS,
                        Map.of("type", "map(string)", "sensitive", true, "default", Map.of())));
        root.put("module", Map.of("platform", arguments));
        root.put("output", Map.of("nodes", Map.of("value", "${module.platform.nodes}")));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "maps of strings and numbers can be written as JSON", e);
        }
    }

    private static Map<String, Object> common(
            String clusterId, WorkspaceFolder folder, SortedMap<String, Object> nodes) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("source", folder.moduleSource());
        arguments.put("cluster_id", clusterId);
        arguments.put("home", literal(folder.home().toString()));
        arguments.put("nodes", nodes);
        arguments.put(TOKENS, "${var." + TOKENS + "}");
        return arguments;
    }

    private static Map<String, Object> attributes(NodePlacement node) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("node_id", node.nodeId());
        attributes.put("role", node.role().label());
        attributes.put("zone", node.zone());
        attributes.put("memory_mib", node.memoryMib());
        attributes.put("volume_gib", node.volumeGib());
        attributes.put("image_version", node.imageVersion());
        attributes.put("address", node.address());
        attributes.put("incarnation", node.incarnation());
        return attributes;
    }

    /** Terraform evaluates templates in the strings of its JSON syntax. */
    private static String literal(String value) {
        return value.replace("${", "$${").replace("%{", "%%{");
    }
}
