package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import io.penstock.broker.controller.ZnodeChanges.SizedOp;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionBucketCodec;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads all that ZooKeeper holds of the cluster, and finds what a lost controller left half-made.
 */
final class ClusterLoader {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLoader.class);
    private static final long READ_TIMEOUT_MILLIS = 60_000;

    /**
     * @param image with the brokers as the last controller knew them
     * @param repairs finish or remove what is half-made; the image is as after them
     */
    record Loaded(ClusterImage image, List<SizedOp> repairs) {}

    private final ZooKeeperClient session;
    private final List<MetadataRecord> records = new ArrayList<>();
    private final List<SizedOp> repairs = new ArrayList<>();
    private final Set<String> topicNames = new HashSet<>();

    private ClusterLoader(ZooKeeperClient session) {
        this.session = session;
    }

    static Loaded load(ZooKeeperClient session, int brokerId, StreamPosition position) {
        ClusterLoader loader = new ClusterLoader(session);
        loader.records.add(new MetadataRecord.ClusterIdentified(ClusterIdentity.read(session)));
        loader.records.add(new MetadataRecord.ControllerElected(brokerId));
        loader.loadBrokers();
        loader.loadTopics();
        ConfigJson.FOLDERS.keySet().forEach(loader::loadConfigs);
        loader.loadAcls();
        loader.loadScram();
        return new Loaded(
                ClusterImages.apply(ClusterImage.EMPTY, loader.records, position), loader.repairs);
    }

    /**
     * Brokers that are registered now, above their fenced epochs; the watcher hears of the next one
     * that comes or goes.
     */
    static Map<Integer, BrokerRegistration> liveBrokers(ZooKeeperClient session, Watcher watcher) {
        List<String> ids =
                await(session.children(ZkPaths.BROKER_IDS, watcher), READ_TIMEOUT_MILLIS);
        Map<Integer, BrokerRegistration> live = new HashMap<>();
        Map<String, Znode> fences =
                readAll(
                        session,
                        ids.stream().map(id -> ZkPaths.FENCED_BROKERS + "/" + id).toList());
        readAll(session, ids.stream().map(id -> ZkPaths.BROKER_IDS + "/" + id).toList())
                .forEach(
                        (path, znode) -> {
                            int id =
                                    Integer.parseInt(
                                            path.substring(ZkPaths.BROKER_IDS.length() + 1));
                            long epoch = znode.stat().getCzxid();
                            if (epoch > fencedEpoch(fences, id)) {
                                live.put(
                                        id, RegistrationJson.decode(path, id, epoch, znode.data()));
                            }
                        });
        return live;
    }

    private static long fencedEpoch(Map<String, Znode> fences, int id) {
        String path = ZkPaths.fenced(id);
        Znode fence = fences.get(path);
        return fence == null ? BrokerRegistration.NO_EPOCH : FenceJson.decode(path, fence.data());
    }

    private static Map<String, Znode> readAll(ZooKeeperClient session, List<String> paths) {
        Map<String, CompletableFuture<Optional<Znode>>> reads = new LinkedHashMap<>();
        paths.forEach(path -> reads.put(path, session.read(path)));
        Map<String, Znode> found = new LinkedHashMap<>();
        reads.forEach(
                (path, read) ->
                        await(read, READ_TIMEOUT_MILLIS).ifPresent(z -> found.put(path, z)));
        return found;
    }

    private void loadBrokers() {
        Map<Integer, BrokerRegistration> live = liveBrokers(session, null);
        Znode znode = await(session.read(ZkPaths.KNOWN_BROKERS), READ_TIMEOUT_MILLIS).orElseThrow();
        var decoded = KnownBrokersJson.decode(ZkPaths.KNOWN_BROKERS, znode.data());
        decoded.departed()
                .forEach(
                        (id, last) -> {
                            records.add(new MetadataRecord.BrokerRegistered(remembered(id, last)));
                            records.add(new MetadataRecord.BrokerUnregistered(id));
                        });
        decoded.brokers()
                .forEach(
                        (id, known) -> {
                            BrokerRegistration now = live.get(id);
                            boolean same = now != null && now.epoch() == known.epoch();
                            BrokerRegistration acted = same ? now : remembered(id, known);
                            records.add(
                                    new MetadataRecord.BrokerRegistered(
                                            known.fenced() ? acted.withFenced() : acted));
                        });
    }

    /** Of a registration whose znode is gone. */
    private static BrokerRegistration remembered(int id, KnownBrokersJson.Known known) {
        return new BrokerRegistration(
                id,
                known.epoch(),
                known.incarnation(),
                List.of(),
                Optional.empty(),
                known.fenced(),
                List.of());
    }

    private void loadTopics() {
        List<String> names = await(session.children(ZkPaths.TOPICS, null), READ_TIMEOUT_MILLIS);
        Map<String, TopicJson.Decoded> topics = new LinkedHashMap<>();
        readAll(session, names.stream().map(ZkPaths::topic).toList())
                .forEach(
                        (path, znode) ->
                                topics.put(
                                        path.substring(ZkPaths.TOPICS.length() + 1),
                                        TopicJson.decode(path, znode.data())));
        Map<String, CompletableFuture<List<String>>> children = new HashMap<>();
        List<String> paths = new ArrayList<>();
        topics.forEach(
                (name, topic) -> {
                    children.put(name, session.children(ZkPaths.partitions(name), null));
                    int buckets = ZnodeChanges.bucketCount(topic.partitions().size());
                    for (int i = 0; i < buckets; i++) {
                        paths.add(ZkPaths.bucket(name, i));
                    }
                });
        Map<String, Znode> buckets = readAll(session, paths);
        topics.forEach(
                (name, topic) ->
                        add(name, topic, buckets, await(children.get(name), READ_TIMEOUT_MILLIS)));
    }

    private void add(
            String name,
            TopicJson.Decoded topic,
            Map<String, Znode> buckets,
            List<String> existingBuckets) {
        int needed = ZnodeChanges.bucketCount(topic.partitions().size());
        List<PartitionState> partitions = new ArrayList<>();
        for (int bucket = 0; bucket < needed; bucket++) {
            Znode znode = buckets.get(ZkPaths.bucket(name, bucket));
            if (znode == null) {
                break;
            }
            for (var leadership : PartitionBucketCodec.decode(znode.data())) {
                if (partitions.size() < topic.partitions().size()) {
                    TopicJson.Replicas replicas = topic.partitions().get(partitions.size());
                    partitions.add(
                            leadership.withReplicas(
                                    replicas.assigned(), replicas.adding(), replicas.removing()));
                }
            }
        }
        boolean complete = partitions.size() == topic.partitions().size();
        TopicState state = new TopicState(topic.id(), name, List.copyOf(partitions));
        switch (topic.stage()) {
            case ACTIVE -> {
                if (!complete) {
                    throw new IllegalStateException(
                            "topic '"
                                    + name
                                    + "' misses partition buckets in ZooKeeper; restore them before"
                                    + " a controller can start");
                }
                existingBuckets.stream()
                        .filter(b -> Integer.parseInt(b) >= needed)
                        .forEach(
                                b ->
                                        repairs.add(
                                                ZnodeChanges.sizedDelete(
                                                        ZkPaths.partitions(name) + "/" + b)));
                keep(state);
            }
            case CREATING -> {
                if (complete) {
                    LOG.info("finishing the creation of topic '{}'", name);
                    repairs.add(
                            ZnodeChanges.sizedSet(
                                    ZkPaths.topic(name),
                                    TopicJson.encode(state, TopicJson.Stage.ACTIVE)));
                    keep(state);
                } else {
                    remove(name, existingBuckets);
                }
            }
            case DELETING -> remove(name, existingBuckets);
        }
    }

    private void keep(TopicState topic) {
        topicNames.add(topic.name());
        records.add(new MetadataRecord.TopicChanged(topic));
    }

    private void remove(String name, List<String> existingBuckets) {
        LOG.info("removing the remains of topic '{}'", name);
        existingBuckets.forEach(
                b -> repairs.add(ZnodeChanges.sizedDelete(ZkPaths.partitions(name) + "/" + b)));
        boolean hasFolder =
                await(session.exists(ZkPaths.partitions(name), null), READ_TIMEOUT_MILLIS)
                        .isPresent();
        if (hasFolder) {
            repairs.add(ZnodeChanges.sizedDelete(ZkPaths.partitions(name)));
        }
        repairs.add(ZnodeChanges.sizedDelete(ZkPaths.topic(name)));
    }

    private void loadConfigs(ConfigResource.Type type) {
        String folder = ZkPaths.configType(ConfigJson.FOLDERS.get(type));
        List<String> entities = await(session.children(folder, null), READ_TIMEOUT_MILLIS);
        readAll(session, entities.stream().map(e -> folder + "/" + e).toList())
                .forEach(
                        (path, znode) -> {
                            ConfigResource resource =
                                    ConfigJson.resource(type, path.substring(folder.length() + 1));
                            boolean orphan =
                                    type == ConfigResource.Type.TOPIC
                                            && !topicNames.contains(resource.name());
                            if (orphan) {
                                repairs.add(ZnodeChanges.sizedDelete(path));
                            } else {
                                records.add(
                                        new MetadataRecord.ConfigChanged(
                                                resource, ConfigJson.decode(path, znode.data())));
                            }
                        });
    }

    private void loadAcls() {
        List<String> shards = new ArrayList<>();
        for (int i = 0; i < ZkPaths.ACL_SHARDS; i++) {
            shards.add(ZkPaths.aclShard(i));
        }
        List<AclBinding> bindings = new ArrayList<>();
        readAll(session, shards)
                .forEach((path, znode) -> bindings.addAll(AclJson.decode(path, znode.data())));
        if (!bindings.isEmpty()) {
            records.add(new MetadataRecord.AclsAdded(List.copyOf(bindings)));
        }
    }

    private void loadScram() {
        List<String> users = await(session.children(ZkPaths.SCRAM, null), READ_TIMEOUT_MILLIS);
        readAll(session, users.stream().map(u -> ZkPaths.SCRAM + "/" + u).toList())
                .forEach(
                        (path, znode) -> {
                            String user =
                                    ZkPaths.decode(path.substring(ZkPaths.SCRAM.length() + 1));
                            ScramJson.decode(path, znode.data())
                                    .forEach(
                                            (mechanism, credential) ->
                                                    records.add(
                                                            new MetadataRecord.ScramChanged(
                                                                    user,
                                                                    mechanism,
                                                                    Optional.of(credential))));
                        });
    }
}
