package io.penstock.broker.zk;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where everything lies in ZooKeeper, under the cluster's chroot. Kafka's names where it is the
 * same thing.
 */
public final class ZkPaths {

    public static final String CLUSTER = "/cluster";
    public static final String CONTROLLER = "/controller";
    public static final String CONTROLLER_EPOCH = "/controller_epoch";
    public static final String BROKERS = "/brokers";
    public static final String BROKER_IDS = "/brokers/ids";
    public static final String KNOWN_BROKERS = "/brokers/known";
    public static final String FENCED_BROKERS = "/brokers/fenced";
    public static final String HEARTBEATS = "/heartbeats";
    public static final String TOPICS = "/brokers/topics";
    public static final String CONFIG = "/config";
    public static final String ACL = "/acl";
    public static final String SCRAM = "/scram";
    public static final String PRODUCER_ID_BLOCK = "/producer_id_block";

    /** ACLs are spread over this many znodes; part of the format, never changed. */
    public static final int ACL_SHARDS = 32;

    /** Partitions in one packed znode; part of the format, never changed. */
    public static final int PARTITIONS_PER_BUCKET = 64;

    /** Persistent znodes that must exist before anything else, parents first. */
    public static final List<String> ROOTS =
            List.of(
                    BROKERS,
                    BROKER_IDS,
                    FENCED_BROKERS,
                    HEARTBEATS,
                    TOPICS,
                    CONFIG,
                    configType("topics"),
                    configType("brokers"),
                    ACL,
                    SCRAM);

    private ZkPaths() {}

    public static String broker(int id) {
        return BROKER_IDS + "/" + id;
    }

    /** Holds the highest fenced epoch of the broker. */
    public static String fenced(int id) {
        return FENCED_BROKERS + "/" + id;
    }

    public static String heartbeat(int id) {
        return HEARTBEATS + "/" + id;
    }

    public static String topic(String name) {
        return TOPICS + "/" + name;
    }

    public static String partitions(String topic) {
        return topic(topic) + "/partitions";
    }

    public static String bucket(String topic, int bucket) {
        return partitions(topic) + "/" + bucket;
    }

    public static String configType(String type) {
        return CONFIG + "/" + type;
    }

    public static String config(String type, String entity) {
        return configType(type) + "/" + encode(entity);
    }

    public static String aclShard(int shard) {
        return ACL + "/" + shard;
    }

    public static String scram(String user) {
        return SCRAM + "/" + encode(user);
    }

    /** Makes any name usable as one path element. */
    public static String encode(String entity) {
        String encoded = URLEncoder.encode(entity, StandardCharsets.UTF_8).replace("*", "%2A");
        boolean dots = encoded.equals(".") || encoded.equals("..");
        return dots ? encoded.replace(".", "%2E") : encoded;
    }

    public static String decode(String element) {
        return URLDecoder.decode(element, StandardCharsets.UTF_8);
    }
}
