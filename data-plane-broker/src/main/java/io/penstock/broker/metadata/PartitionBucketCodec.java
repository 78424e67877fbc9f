package io.penstock.broker.metadata;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The packed znode that holds who leads 64 partitions: a version byte, the number of partitions,
 * then leader, leader epoch, partition epoch, ISR, ELR and last leader of each. Replica assignments
 * lie in the topic's JSON.
 */
public final class PartitionBucketCodec {

    private static final int VERSION = 2;

    /** Without the last leader. */
    private static final int FIRST_VERSION = 1;

    private PartitionBucketCodec() {}

    /** What a bucket holds of one partition. */
    public record Leadership(
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> inSync,
            List<Integer> eligible,
            int lastLeader) {

        public PartitionState withReplicas(
                List<Integer> replicas, List<Integer> adding, List<Integer> removing) {
            return new PartitionState(
                    replicas,
                    inSync,
                    eligible,
                    adding,
                    removing,
                    leader,
                    leaderEpoch,
                    partitionEpoch,
                    lastLeader);
        }
    }

    public static byte[] encode(List<PartitionState> partitions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(partitions.size());
            for (PartitionState partition : partitions) {
                writePartition(out, partition);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IllegalArgumentException when the bytes are no bucket of a known version
     */
    public static List<Leadership> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version < FIRST_VERSION || version > VERSION) {
                throw new IllegalArgumentException(
                        "a partition bucket of version " + version + "; known is " + VERSION);
            }
            int count = in.readUnsignedByte();
            List<Leadership> partitions = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                partitions.add(readPartition(in, version));
            }
            return List.copyOf(partitions);
        } catch (IOException e) {
            throw new IllegalArgumentException("a damaged partition bucket", e);
        }
    }

    static void writePartition(DataOutputStream out, PartitionState partition) throws IOException {
        out.writeInt(partition.leader());
        out.writeInt(partition.leaderEpoch());
        out.writeInt(partition.partitionEpoch());
        MetadataRecordCodec.writeIds(out, partition.inSync());
        MetadataRecordCodec.writeIds(out, partition.eligible());
        out.writeInt(partition.lastLeader());
    }

    static Leadership readPartition(DataInputStream in) throws IOException {
        return readPartition(in, VERSION);
    }

    private static Leadership readPartition(DataInputStream in, int version) throws IOException {
        int leader = in.readInt();
        return new Leadership(
                leader,
                in.readInt(),
                in.readInt(),
                MetadataRecordCodec.readIds(in),
                MetadataRecordCodec.readIds(in),
                version == FIRST_VERSION ? leader : in.readInt());
    }
}
