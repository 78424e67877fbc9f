package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.security.scram.ScramCredential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the next image out of one and records, and the records that make an image from nothing. */
public final class ClusterImages {

    private ClusterImages() {}

    public static ClusterImage apply(
            ClusterImage image, List<MetadataRecord> records, StreamPosition position) {
        Draft draft = new Draft(image);
        records.forEach(draft::apply);
        return draft.finish(position);
    }

    /** Records that turn {@link ClusterImage#EMPTY} into the image. */
    public static List<MetadataRecord> snapshot(ClusterImage image) {
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new MetadataRecord.ClusterIdentified(image.clusterId()));
        image.controller().ifPresent(id -> records.add(new MetadataRecord.ControllerElected(id)));
        for (BrokerRegistration broker : image.departed().values()) {
            records.add(new MetadataRecord.BrokerRegistered(broker));
            records.add(new MetadataRecord.BrokerUnregistered(broker.id()));
        }
        image.brokers().values().forEach(b -> records.add(new MetadataRecord.BrokerRegistered(b)));
        image.topics().values().forEach(t -> records.add(new MetadataRecord.TopicChanged(t)));
        image.configs()
                .forEach((r, values) -> records.add(new MetadataRecord.ConfigChanged(r, values)));
        if (!image.acls().isEmpty()) {
            records.add(new MetadataRecord.AclsAdded(List.copyOf(image.acls())));
        }
        image.scram()
                .forEach(
                        (user, byMechanism) ->
                                byMechanism.forEach(
                                        (mechanism, credential) ->
                                                records.add(
                                                        new MetadataRecord.ScramChanged(
                                                                user,
                                                                mechanism,
                                                                Optional.of(credential)))));
        return List.copyOf(records);
    }

    /** A map that is copied when it is first written to. */
    private static final class CopyOnFirstWrite<K, V> {
        private Map<K, V> map;
        private boolean copied;

        private CopyOnFirstWrite(Map<K, V> map) {
            this.map = map;
        }

        private Map<K, V> writable() {
            if (!copied) {
                map = new HashMap<>(map);
                copied = true;
            }
            return map;
        }

        private Map<K, V> finish() {
            return copied ? Collections.unmodifiableMap(map) : map;
        }
    }

    private static final class Draft {
        private String clusterId;
        private Optional<Integer> controller;
        private final CopyOnFirstWrite<Integer, BrokerRegistration> brokers;
        private final CopyOnFirstWrite<Integer, BrokerRegistration> departed;
        private final CopyOnFirstWrite<String, TopicState> topics;
        private final CopyOnFirstWrite<Uuid, String> topicNames;
        private final CopyOnFirstWrite<ConfigResource, Map<String, String>> configs;
        private Set<AclBinding> acls;
        private boolean aclsCopied;
        private final CopyOnFirstWrite<String, Map<String, ScramCredential>> scram;
        private final Map<String, List<PartitionState>> changedPartitions = new HashMap<>();

        private Draft(ClusterImage image) {
            clusterId = image.clusterId();
            controller = image.controller();
            brokers = new CopyOnFirstWrite<>(image.brokers());
            departed = new CopyOnFirstWrite<>(image.departed());
            topics = new CopyOnFirstWrite<>(image.topics());
            topicNames = new CopyOnFirstWrite<>(image.topicNames());
            configs = new CopyOnFirstWrite<>(image.configs());
            acls = image.acls();
            scram = new CopyOnFirstWrite<>(image.scram());
        }

        private void apply(MetadataRecord record) {
            switch (record) {
                case MetadataRecord.ClusterIdentified r -> clusterId = r.clusterId();
                case MetadataRecord.ControllerElected r -> controller = Optional.of(r.brokerId());
                case MetadataRecord.BrokerRegistered r -> register(r.registration());
                case MetadataRecord.BrokerUnregistered r -> unregister(r.brokerId());
                case MetadataRecord.TopicChanged r -> put(r.topic());
                case MetadataRecord.TopicDeleted r -> remove(r.topicId());
                case MetadataRecord.PartitionChanged r -> change(r);
                case MetadataRecord.ConfigChanged r -> {
                    if (r.values().isEmpty()) {
                        configs.writable().remove(r.resource());
                    } else {
                        configs.writable().put(r.resource(), Map.copyOf(r.values()));
                    }
                }
                case MetadataRecord.AclsAdded r -> writableAcls().addAll(r.bindings());
                case MetadataRecord.AclsRemoved r -> r.bindings().forEach(writableAcls()::remove);
                case MetadataRecord.ScramChanged r -> change(r);
            }
        }

        private void register(BrokerRegistration registration) {
            brokers.writable().put(registration.id(), registration);
            if (departed.map.containsKey(registration.id())) {
                departed.writable().remove(registration.id());
            }
        }

        private void unregister(int brokerId) {
            BrokerRegistration last = brokers.writable().remove(brokerId);
            if (last != null) {
                departed.writable().put(brokerId, last);
            }
        }

        private void put(TopicState topic) {
            changedPartitions.remove(topic.name());
            TopicState replaced = topics.writable().put(topic.name(), topic);
            if (replaced != null && !replaced.id().equals(topic.id())) {
                topicNames.writable().remove(replaced.id());
            }
            topicNames.writable().put(topic.id(), topic.name());
        }

        private void remove(Uuid topicId) {
            String name = topicNames.writable().remove(topicId);
            if (name != null) {
                topics.writable().remove(name);
                changedPartitions.remove(name);
            }
        }

        private void change(MetadataRecord.PartitionChanged r) {
            String name = topicNames.map.get(r.topicId());
            if (name == null || r.partition() >= topics.map.get(name).partitions().size()) {
                return;
            }
            changedPartitions
                    .computeIfAbsent(name, n -> new ArrayList<>(topics.map.get(n).partitions()))
                    .set(r.partition(), r.state());
        }

        private void change(MetadataRecord.ScramChanged r) {
            Map<String, ScramCredential> after =
                    new HashMap<>(scram.map.getOrDefault(r.user(), Map.of()));
            r.credential()
                    .ifPresentOrElse(
                            c -> after.put(r.mechanism(), c), () -> after.remove(r.mechanism()));
            if (after.isEmpty()) {
                scram.writable().remove(r.user());
            } else {
                scram.writable().put(r.user(), Map.copyOf(after));
            }
        }

        private Set<AclBinding> writableAcls() {
            if (!aclsCopied) {
                acls = new HashSet<>(acls);
                aclsCopied = true;
            }
            return acls;
        }

        private ClusterImage finish(StreamPosition position) {
            changedPartitions.forEach(
                    (name, partitions) ->
                            topics.writable()
                                    .computeIfPresent(
                                            name,
                                            (n, t) ->
                                                    new TopicState(
                                                            t.id(), n, List.copyOf(partitions))));
            return new ClusterImage(
                    clusterId,
                    position,
                    controller,
                    brokers.finish(),
                    topics.finish(),
                    topicNames.finish(),
                    configs.finish(),
                    aclsCopied ? Collections.unmodifiableSet(acls) : acls,
                    scram.finish(),
                    departed.finish());
        }
    }
}
