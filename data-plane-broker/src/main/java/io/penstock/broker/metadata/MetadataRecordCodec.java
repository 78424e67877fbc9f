package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.scram.ScramCredential;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records as they travel between brokers: a byte for the kind, then its fields. A kind's fields
 * never change; a new layout is a new kind, so that brokers of two versions refuse what they do not
 * know instead of misreading it.
 */
public final class MetadataRecordCodec {

    private static final int CLUSTER_IDENTIFIED = 1;
    private static final int CONTROLLER_ELECTED = 2;
    private static final int BROKER_UNREGISTERED = 4;
    private static final int TOPIC_DELETED = 6;
    private static final int CONFIG_CHANGED = 8;
    private static final int ACLS_ADDED = 9;
    private static final int ACLS_REMOVED = 10;
    private static final int SCRAM_CHANGED = 11;

    // 3, 5 and 7 were the next three before there was a last leader and a way of stopping.
    private static final int BROKER_REGISTERED = 12;
    private static final int TOPIC_CHANGED = 13;
    private static final int PARTITION_CHANGED = 14;

    private MetadataRecordCodec() {}

    public static void writeAll(DataOutputStream out, List<MetadataRecord> records)
            throws IOException {
        out.writeInt(records.size());
        for (MetadataRecord record : records) {
            write(out, record);
        }
    }

    public static List<MetadataRecord> readAll(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<MetadataRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(read(in));
        }
        return List.copyOf(records);
    }

    private static void write(DataOutputStream out, MetadataRecord record) throws IOException {
        switch (record) {
            case MetadataRecord.ClusterIdentified r -> {
                out.writeByte(CLUSTER_IDENTIFIED);
                out.writeUTF(r.clusterId());
            }
            case MetadataRecord.ControllerElected r -> {
                out.writeByte(CONTROLLER_ELECTED);
                out.writeInt(r.brokerId());
            }
            case MetadataRecord.BrokerRegistered r -> {
                out.writeByte(BROKER_REGISTERED);
                writeBroker(out, r.registration());
            }
            case MetadataRecord.BrokerUnregistered r -> {
                out.writeByte(BROKER_UNREGISTERED);
                out.writeInt(r.brokerId());
            }
            case MetadataRecord.TopicChanged r -> {
                out.writeByte(TOPIC_CHANGED);
                writeUuid(out, r.topic().id());
                out.writeUTF(r.topic().name());
                out.writeInt(r.topic().partitions().size());
                for (PartitionState partition : r.topic().partitions()) {
                    writePartition(out, partition);
                }
            }
            case MetadataRecord.TopicDeleted r -> {
                out.writeByte(TOPIC_DELETED);
                writeUuid(out, r.topicId());
            }
            case MetadataRecord.PartitionChanged r -> {
                out.writeByte(PARTITION_CHANGED);
                writeUuid(out, r.topicId());
                out.writeInt(r.partition());
                writePartition(out, r.state());
            }
            case MetadataRecord.ConfigChanged r -> {
                out.writeByte(CONFIG_CHANGED);
                out.writeByte(r.resource().type().id());
                out.writeUTF(r.resource().name());
                out.writeInt(r.values().size());
                for (Map.Entry<String, String> entry : r.values().entrySet()) {
                    out.writeUTF(entry.getKey());
                    writeBytes(out, entry.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
            case MetadataRecord.AclsAdded r -> writeAcls(out, ACLS_ADDED, r.bindings());
            case MetadataRecord.AclsRemoved r -> writeAcls(out, ACLS_REMOVED, r.bindings());
            case MetadataRecord.ScramChanged r -> {
                out.writeByte(SCRAM_CHANGED);
                out.writeUTF(r.user());
                out.writeUTF(r.mechanism());
                out.writeBoolean(r.credential().isPresent());
                if (r.credential().isPresent()) {
                    ScramCredential credential = r.credential().get();
                    writeBytes(out, credential.salt());
                    writeBytes(out, credential.storedKey());
                    writeBytes(out, credential.serverKey());
                    out.writeInt(credential.iterations());
                }
            }
        }
    }

    private static MetadataRecord read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case CLUSTER_IDENTIFIED -> new MetadataRecord.ClusterIdentified(in.readUTF());
            case CONTROLLER_ELECTED -> new MetadataRecord.ControllerElected(in.readInt());
            case BROKER_REGISTERED -> new MetadataRecord.BrokerRegistered(readBroker(in));
            case BROKER_UNREGISTERED -> new MetadataRecord.BrokerUnregistered(in.readInt());
            case TOPIC_CHANGED -> {
                Uuid id = readUuid(in);
                String name = in.readUTF();
                int count = in.readInt();
                List<PartitionState> partitions = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    partitions.add(readPartition(in));
                }
                yield new MetadataRecord.TopicChanged(
                        new TopicState(id, name, List.copyOf(partitions)));
            }
            case TOPIC_DELETED -> new MetadataRecord.TopicDeleted(readUuid(in));
            case PARTITION_CHANGED ->
                    new MetadataRecord.PartitionChanged(
                            readUuid(in), in.readInt(), readPartition(in));
            case CONFIG_CHANGED -> {
                ConfigResource.Type type = ConfigResource.Type.forId(in.readByte());
                ConfigResource resource = new ConfigResource(type, in.readUTF());
                int count = in.readInt();
                Map<String, String> values = new HashMap<>();
                for (int i = 0; i < count; i++) {
                    String key = in.readUTF();
                    values.put(key, new String(readBytes(in), StandardCharsets.UTF_8));
                }
                yield new MetadataRecord.ConfigChanged(resource, Map.copyOf(values));
            }
            case ACLS_ADDED -> new MetadataRecord.AclsAdded(readAcls(in));
            case ACLS_REMOVED -> new MetadataRecord.AclsRemoved(readAcls(in));
            case SCRAM_CHANGED -> {
                String user = in.readUTF();
                String mechanism = in.readUTF();
                Optional<ScramCredential> credential = Optional.empty();
                if (in.readBoolean()) {
                    byte[] salt = readBytes(in);
                    byte[] storedKey = readBytes(in);
                    byte[] serverKey = readBytes(in);
                    credential =
                            Optional.of(
                                    new ScramCredential(salt, storedKey, serverKey, in.readInt()));
                }
                yield new MetadataRecord.ScramChanged(user, mechanism, credential);
            }
            default ->
                    throw new IOException(
                            "unknown kind of metadata record: "
                                    + kind
                                    + "; the controller runs a newer version than this broker");
        };
    }

    private static void writeBroker(DataOutputStream out, BrokerRegistration broker)
            throws IOException {
        out.writeInt(broker.id());
        out.writeLong(broker.epoch());
        writeUuid(out, broker.incarnation());
        out.writeInt(broker.endpoints().size());
        for (Endpoint endpoint : broker.endpoints()) {
            out.writeUTF(endpoint.listener());
            out.writeUTF(endpoint.host());
            out.writeInt(endpoint.port());
            out.writeUTF(endpoint.protocol().name());
        }
        out.writeBoolean(broker.rack().isPresent());
        if (broker.rack().isPresent()) {
            out.writeUTF(broker.rack().get());
        }
        out.writeBoolean(broker.fenced());
        out.writeLong(broker.lastStop().brokerEpoch());
        out.writeUTF(broker.lastStop().kind().name());
    }

    private static BrokerRegistration readBroker(DataInputStream in) throws IOException {
        int id = in.readInt();
        long epoch = in.readLong();
        Uuid incarnation = readUuid(in);
        int count = in.readInt();
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            endpoints.add(
                    new Endpoint(
                            in.readUTF(),
                            in.readUTF(),
                            in.readInt(),
                            SecurityProtocol.forName(in.readUTF())));
        }
        Optional<String> rack = in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
        return new BrokerRegistration(
                id,
                epoch,
                incarnation,
                List.copyOf(endpoints),
                rack,
                in.readBoolean(),
                List.of(
                        new PreviousStop(
                                in.readLong(), Uuid.ZERO_UUID, StopKind.valueOf(in.readUTF()))));
    }

    private static void writePartition(DataOutputStream out, PartitionState partition)
            throws IOException {
        PartitionBucketCodec.writePartition(out, partition);
        writeIds(out, partition.replicas());
        writeIds(out, partition.adding());
        writeIds(out, partition.removing());
    }

    private static PartitionState readPartition(DataInputStream in) throws IOException {
        PartitionBucketCodec.Leadership leadership = PartitionBucketCodec.readPartition(in);
        return leadership.withReplicas(readIds(in), readIds(in), readIds(in));
    }

    static void writeIds(DataOutputStream out, List<Integer> ids) throws IOException {
        out.writeByte(ids.size());
        for (int id : ids) {
            out.writeInt(id);
        }
    }

    static List<Integer> readIds(DataInputStream in) throws IOException {
        int count = in.readUnsignedByte();
        List<Integer> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.readInt());
        }
        return List.copyOf(ids);
    }

    private static void writeAcls(DataOutputStream out, int kind, List<AclBinding> bindings)
            throws IOException {
        out.writeByte(kind);
        out.writeInt(bindings.size());
        for (AclBinding binding : bindings) {
            out.writeByte(binding.pattern().resourceType().code());
            out.writeUTF(binding.pattern().name());
            out.writeByte(binding.pattern().patternType().code());
            out.writeUTF(binding.entry().principal());
            out.writeUTF(binding.entry().host());
            out.writeByte(binding.entry().operation().code());
            out.writeByte(binding.entry().permissionType().code());
        }
    }

    private static List<AclBinding> readAcls(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<AclBinding> bindings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ResourcePattern pattern =
                    new ResourcePattern(
                            ResourceType.fromCode(in.readByte()),
                            in.readUTF(),
                            PatternType.fromCode(in.readByte()));
            AccessControlEntry entry =
                    new AccessControlEntry(
                            in.readUTF(),
                            in.readUTF(),
                            AclOperation.fromCode(in.readByte()),
                            AclPermissionType.fromCode(in.readByte()));
            bindings.add(new AclBinding(pattern, entry));
        }
        return List.copyOf(bindings);
    }

    private static void writeUuid(DataOutputStream out, Uuid id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static Uuid readUuid(DataInputStream in) throws IOException {
        return new Uuid(in.readLong(), in.readLong());
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("a metadata record ends in the middle");
        }
        return bytes;
    }
}
