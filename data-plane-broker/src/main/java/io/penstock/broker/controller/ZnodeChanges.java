package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionBucketCodec;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.zk.ZkPaths;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ZooKeeper operations that make one decision durable, in an order of which every prefix can be
 * mended: a new topic's buckets come before it is ACTIVE, a deleted one is DELETING before its
 * buckets go, and a grown one counts its new partitions last. Existing partitions come first of
 * all: before their replicas, so that a reassignment without its last write has either not begun or
 * is completed once more, and before the configuration that changed them.
 */
final class ZnodeChanges {

    private static final int ANY_VERSION = -1;

    private record Bucket(String topic, int number) {}

    private final ClusterImage before;
    private final ClusterImage after;
    private final List<SizedOp> operations = new ArrayList<>();
    private final Set<Bucket> buckets = new LinkedHashSet<>();
    private final Set<String> reassigned = new LinkedHashSet<>();
    private final Set<Integer> aclShards = new LinkedHashSet<>();
    private final Set<String> scramUsers = new LinkedHashSet<>();
    private boolean brokersChanged;

    /** An operation and about how many bytes it takes in a request. */
    record SizedOp(Op operation, int bytes) {}

    private ZnodeChanges(ClusterImage before, ClusterImage after) {
        this.before = before;
        this.after = after;
    }

    static List<SizedOp> of(ClusterImage before, ClusterImage after, List<MetadataRecord> records) {
        ZnodeChanges changes = new ZnodeChanges(before, after);
        records.forEach(changes::add);
        changes.addCollected();
        List<SizedOp> all = changes.partitionOperations();
        all.addAll(changes.operations);
        return all;
    }

    private void add(MetadataRecord record) {
        switch (record) {
            case MetadataRecord.TopicChanged r -> {
                if (before.topic(r.topic().id()).isEmpty()) {
                    createTopic(r.topic());
                } else {
                    growTopic(before.topic(r.topic().id()).get(), r.topic());
                }
            }
            case MetadataRecord.TopicDeleted r ->
                    before.topic(r.topicId())
                            .ifPresent(t -> operations.addAll(deleteTopic(t, bucketCount(t))));
            case MetadataRecord.PartitionChanged r -> changePartition(r);
            case MetadataRecord.ConfigChanged r -> changeConfig(r);
            case MetadataRecord.AclsAdded r -> r.bindings().forEach(this::markShard);
            case MetadataRecord.AclsRemoved r -> r.bindings().forEach(this::markShard);
            case MetadataRecord.ScramChanged r -> scramUsers.add(r.user());
            case MetadataRecord.BrokerRegistered r -> brokersChanged = true;
            case MetadataRecord.BrokerUnregistered r -> brokersChanged = true;
            case MetadataRecord.ClusterIdentified r -> {}
            case MetadataRecord.ControllerElected r -> {}
        }
    }

    private void changePartition(MetadataRecord.PartitionChanged change) {
        String topic = after.topicNames().get(change.topicId());
        buckets.add(new Bucket(topic, change.partition() / ZkPaths.PARTITIONS_PER_BUCKET));
        PartitionState from = before.partition(topic, change.partition()).orElse(change.state());
        PartitionState to = change.state();
        boolean sameReplicas =
                from.replicas().equals(to.replicas())
                        && from.adding().equals(to.adding())
                        && from.removing().equals(to.removing());
        if (!sameReplicas) {
            reassigned.add(topic);
        }
    }

    private List<SizedOp> partitionOperations() {
        List<SizedOp> partitions = new ArrayList<>();
        for (Bucket bucket : buckets) {
            partitions.add(
                    sizedSet(
                            ZkPaths.bucket(bucket.topic(), bucket.number()),
                            bucketData(after.topics().get(bucket.topic()), bucket.number())));
        }
        for (String topic : reassigned) {
            partitions.add(
                    sizedSet(
                            ZkPaths.topic(topic),
                            TopicJson.encode(after.topics().get(topic), TopicJson.Stage.ACTIVE)));
        }
        return partitions;
    }

    private void addCollected() {
        for (int shard : aclShards) {
            List<AclBinding> members =
                    after.acls().stream().filter(b -> AclJson.shard(b) == shard).toList();
            set(ZkPaths.aclShard(shard), AclJson.encode(members));
        }
        for (String user : scramUsers) {
            String path = ZkPaths.scram(user);
            boolean had = before.scram().containsKey(user);
            boolean has = after.scram().containsKey(user);
            if (had && has) {
                set(path, ScramJson.encode(after.scram().get(user)));
            } else if (has) {
                create(path, ScramJson.encode(after.scram().get(user)));
            } else if (had) {
                delete(path);
            }
        }
        if (brokersChanged) {
            set(ZkPaths.KNOWN_BROKERS, KnownBrokersJson.encode(after));
        }
    }

    private void createTopic(TopicState topic) {
        create(ZkPaths.topic(topic.name()), TopicJson.encode(topic, TopicJson.Stage.CREATING));
        create(ZkPaths.partitions(topic.name()), new byte[0]);
        for (int bucket = 0; bucket < bucketCount(topic); bucket++) {
            create(ZkPaths.bucket(topic.name(), bucket), bucketData(topic, bucket));
        }
        set(ZkPaths.topic(topic.name()), TopicJson.encode(topic, TopicJson.Stage.ACTIVE));
    }

    private void growTopic(TopicState from, TopicState to) {
        int existing = bucketCount(from);
        int firstChanged = from.partitions().size() / ZkPaths.PARTITIONS_PER_BUCKET;
        for (int bucket = firstChanged; bucket < bucketCount(to); bucket++) {
            if (bucket < existing) {
                set(ZkPaths.bucket(to.name(), bucket), bucketData(to, bucket));
            } else {
                create(ZkPaths.bucket(to.name(), bucket), bucketData(to, bucket));
            }
        }
        set(ZkPaths.topic(to.name()), TopicJson.encode(to, TopicJson.Stage.ACTIVE));
    }

    static List<SizedOp> deleteTopic(TopicState topic, int buckets) {
        List<SizedOp> operations = new ArrayList<>();
        byte[] deleting = TopicJson.encode(topic, TopicJson.Stage.DELETING);
        operations.add(sizedSet(ZkPaths.topic(topic.name()), deleting));
        for (int bucket = 0; bucket < buckets; bucket++) {
            operations.add(sizedDelete(ZkPaths.bucket(topic.name(), bucket)));
        }
        operations.add(sizedDelete(ZkPaths.partitions(topic.name())));
        operations.add(sizedDelete(ZkPaths.topic(topic.name())));
        return operations;
    }

    private void changeConfig(MetadataRecord.ConfigChanged change) {
        String path = ConfigJson.path(change.resource());
        ConfigResource resource = change.resource();
        boolean had = before.configs().containsKey(resource);
        Map<String, String> values = change.values();
        if (values.isEmpty()) {
            if (had) {
                delete(path);
            }
        } else if (had) {
            set(path, ConfigJson.encode(values));
        } else {
            create(path, ConfigJson.encode(values));
        }
    }

    private void markShard(AclBinding binding) {
        aclShards.add(AclJson.shard(binding));
    }

    static int bucketCount(TopicState topic) {
        return bucketCount(topic.partitions().size());
    }

    static int bucketCount(int partitions) {
        return (partitions + ZkPaths.PARTITIONS_PER_BUCKET - 1) / ZkPaths.PARTITIONS_PER_BUCKET;
    }

    private static byte[] bucketData(TopicState topic, int bucket) {
        List<PartitionState> partitions = topic.partitions();
        int from = bucket * ZkPaths.PARTITIONS_PER_BUCKET;
        int to = Math.min(from + ZkPaths.PARTITIONS_PER_BUCKET, partitions.size());
        return PartitionBucketCodec.encode(partitions.subList(from, to));
    }

    private void create(String path, byte[] data) {
        Op operation = Op.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        operations.add(new SizedOp(operation, size(path, data)));
    }

    private void set(String path, byte[] data) {
        operations.add(sizedSet(path, data));
    }

    private void delete(String path) {
        operations.add(sizedDelete(path));
    }

    static SizedOp sizedSet(String path, byte[] data) {
        return new SizedOp(Op.setData(path, data, ANY_VERSION), size(path, data));
    }

    static SizedOp sizedDelete(String path) {
        return new SizedOp(Op.delete(path, ANY_VERSION), size(path, new byte[0]));
    }

    private static int size(String path, byte[] data) {
        return path.length() + data.length + 64;
    }
}
