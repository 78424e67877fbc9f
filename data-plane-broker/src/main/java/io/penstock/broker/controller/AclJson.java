package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.zk.ZkPaths;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code /acl/<shard>}: the entries of the resources that hash to the shard. */
final class AclJson {

    private static final int VERSION = 1;

    private AclJson() {}

    /** Part of the format: the same resource is always found in the same shard. */
    static int shard(AclBinding binding) {
        String name = binding.pattern().resourceType().name() + ":" + binding.pattern().name();
        return Math.floorMod(name.hashCode(), ZkPaths.ACL_SHARDS);
    }

    static byte[] encode(Collection<AclBinding> bindings) {
        ObjectNode node = Json.object(VERSION);
        ArrayNode acls = node.putArray("acls");
        bindings.stream()
                .sorted(java.util.Comparator.comparing(AclBinding::toString))
                .forEach(
                        b ->
                                acls.addObject()
                                        .put("resource_type", b.pattern().resourceType().name())
                                        .put("pattern_type", b.pattern().patternType().name())
                                        .put("resource_name", b.pattern().name())
                                        .put("principal", b.entry().principal())
                                        .put("host", b.entry().host())
                                        .put("operation", b.entry().operation().name())
                                        .put("permission", b.entry().permissionType().name()));
        return Json.bytes(node);
    }

    static List<AclBinding> decode(String path, byte[] data) {
        List<AclBinding> bindings = new ArrayList<>();
        for (JsonNode acl : Json.parse(path, data, VERSION).path("acls")) {
            bindings.add(
                    new AclBinding(
                            new ResourcePattern(
                                    ResourceType.valueOf(acl.path("resource_type").asText()),
                                    acl.path("resource_name").asText(),
                                    PatternType.valueOf(acl.path("pattern_type").asText())),
                            new AccessControlEntry(
                                    acl.path("principal").asText(),
                                    acl.path("host").asText(),
                                    AclOperation.valueOf(acl.path("operation").asText()),
                                    AclPermissionType.valueOf(acl.path("permission").asText()))));
        }
        return List.copyOf(bindings);
    }
}
