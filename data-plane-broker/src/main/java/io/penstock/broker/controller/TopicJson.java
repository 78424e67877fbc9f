package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** {@code /brokers/topics/<name>}: Kafka's assignment, and how far its making or deletion is. */
final class TopicJson {

    private static final int VERSION = 3;

    /** A ZooKeeper server takes 1 MiB in one request; the rest is left to what goes with it. */
    private static final int MAX_BYTES = 900 * 1024;

    enum Stage {
        CREATING,
        ACTIVE,
        DELETING
    }

    /** Replicas of one partition: assigned, being added, being removed. */
    record Replicas(List<Integer> assigned, List<Integer> adding, List<Integer> removing) {}

    record Decoded(Uuid id, Stage stage, List<Replicas> partitions) {}

    private TopicJson() {}

    static byte[] encode(TopicState topic, Stage stage) {
        ObjectNode node = Json.object(VERSION);
        node.put("topic_id", topic.id().toString());
        node.put("state", stage.name());
        put(node.putObject("partitions"), topic, PartitionState::replicas, true);
        put(node.putObject("adding_replicas"), topic, PartitionState::adding, false);
        put(node.putObject("removing_replicas"), topic, PartitionState::removing, false);
        return Json.bytes(node);
    }

    static void requireSize(TopicState topic) throws Refusal {
        int bytes = encode(topic, Stage.DELETING).length;
        if (bytes > MAX_BYTES) {
            throw Refusal.of(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "the replicas of topic '"
                            + topic.name()
                            + "' take "
                            + bytes
                            + " bytes, but at most "
                            + MAX_BYTES
                            + " fit below ZooKeeper's node size limit of 1 MiB; use fewer"
                            + " partitions, or reassign fewer at a time");
        }
    }

    private static void put(
            ObjectNode to,
            TopicState topic,
            Function<PartitionState, List<Integer>> ids,
            boolean emptyToo) {
        for (int i = 0; i < topic.partitions().size(); i++) {
            List<Integer> each = ids.apply(topic.partitions().get(i));
            if (emptyToo || !each.isEmpty()) {
                var array = to.putArray(Integer.toString(i));
                each.forEach(array::add);
            }
        }
    }

    static Decoded decode(String path, byte[] data) {
        JsonNode node = Json.parse(path, data, VERSION);
        JsonNode partitions = node.path("partitions");
        List<Replicas> replicas = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            String number = Integer.toString(i);
            if (!partitions.has(number)) {
                throw new IllegalArgumentException("znode " + path + " misses partition " + number);
            }
            replicas.add(
                    new Replicas(
                            ids(partitions.path(number)),
                            ids(node.path("adding_replicas").path(number)),
                            ids(node.path("removing_replicas").path(number))));
        }
        return new Decoded(
                Uuid.fromString(node.path("topic_id").asText()),
                Stage.valueOf(node.path("state").asText()),
                List.copyOf(replicas));
    }

    private static List<Integer> ids(JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asInt()));
        return List.copyOf(ids);
    }
}
