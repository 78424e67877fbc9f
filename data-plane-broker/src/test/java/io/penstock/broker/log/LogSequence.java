package io.penstock.broker.log;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Makes up what is done to a log: batches of plain, idempotent and transactional producers, most of
 * them right and some wrong, and the topic's configuration. The same seed makes up the same.
 */
final class LogSequence {

    private static final int KEYS = 12;
    private static final CompressionType[] CODECS = {
        CompressionType.GZIP, CompressionType.LZ4, CompressionType.ZSTD, CompressionType.SNAPPY
    };

    private static final class Producer {
        private short epoch;
        private int nextSequence;
        private ByteBuffer lastBatch;
    }

    private final Random random;
    private final ManualClock clock;
    private final Map<Long, Producer> producers = new HashMap<>();
    private int coordinatorEpoch;
    private Runnable undo = () -> {};

    LogSequence(Random random, ManualClock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** A topic's configuration with small segments and short times. */
    static Map<String, String> configs(Random random) {
        Map<String, String> configs = new HashMap<>();
        configs.put("internal.segment.bytes", Integer.toString(1000 + random.nextInt(2500)));
        configs.put("segment.index.bytes", "16384");
        configs.put("index.interval.bytes", Integer.toString(random.nextInt(400)));
        configs.put("file.delete.delay.ms", "0");
        configs.put("segment.ms", random.nextInt(3) == 0 ? "2000" : "604800000");
        configs.put("retention.ms", random.nextInt(3) == 0 ? "4000" : "-1");
        configs.put("retention.bytes", random.nextInt(3) == 0 ? "3000" : "-1");
        configs.put("max.message.bytes", random.nextInt(4) == 0 ? "400" : "100000");
        configs.put("delete.retention.ms", Integer.toString(random.nextInt(3) * 1000));
        configs.put(
                "cleanup.policy",
                switch (random.nextInt(3)) {
                    case 0 -> "delete";
                    case 1 -> "compact";
                    default -> "compact,delete";
                });
        if (random.nextInt(5) == 0) {
            configs.put("message.timestamp.type", "LogAppendTime");
        }
        return configs;
    }

    ByteBuffer plain() {
        return batch(
                0,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                1 + random.nextInt(5));
    }

    /** A batch of one of a few producers, mostly its next one. */
    ByteBuffer ofProducer(long producerId, boolean transactional) {
        Producer producer = producers.computeIfAbsent(producerId, id -> new Producer());
        undo = () -> {};
        int chance = random.nextInt(20);
        if (chance < 3 && producer.lastBatch != null) {
            return producer.lastBatch;
        }
        if (chance == 3) {
            producer.epoch++;
            producer.nextSequence = 0;
        }
        short epoch =
                chance == 4 && producer.epoch > 0 ? (short) (producer.epoch - 1) : producer.epoch;
        int sequence = producer.nextSequence + (chance == 5 ? 1 + random.nextInt(9) : 0);
        int count = 1 + random.nextInt(4);
        ByteBuffer batch =
                batch(
                        0,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH,
                        producerId,
                        epoch,
                        sequence,
                        transactional,
                        count);
        if (sequence == producer.nextSequence && epoch == producer.epoch) {
            producer.nextSequence += count;
            producer.lastBatch = batch;
            undo =
                    () -> {
                        producer.nextSequence -= count;
                        producer.lastBatch = null;
                    };
        }
        return batch;
    }

    /** The last batch was not taken: its producer tries its sequence number again. */
    void refused() {
        undo.run();
        undo = () -> {};
    }

    /** The log lost its end, or what it remembered: everybody begins anew, in a new epoch. */
    void forgotten() {
        undo = () -> {};
        coordinatorEpoch += 2;
        for (Producer producer : producers.values()) {
            producer.lastBatch = null;
            producer.epoch++;
            producer.nextSequence = 0;
        }
    }

    /** A coordinator's own records within a transaction: their sequence numbers say nothing. */
    ByteBuffer ofCoordinator(long producerId) {
        Producer producer = producers.computeIfAbsent(producerId, id -> new Producer());
        return batch(
                0,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                producerId,
                producer.epoch,
                0,
                true,
                1 + random.nextInt(3));
    }

    ByteBuffer marker(long producerId, long offset, int leaderEpoch) {
        Producer producer = producers.computeIfAbsent(producerId, id -> new Producer());
        if (random.nextInt(8) == 0) {
            coordinatorEpoch++;
        }
        int itsEpoch = random.nextInt(12) == 0 ? coordinatorEpoch - 1 : coordinatorEpoch;
        var type = random.nextBoolean() ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return direct(
                MemoryRecords.withEndTransactionMarker(
                        offset,
                        clock.wallMillis(),
                        leaderEpoch,
                        producerId,
                        producer.epoch,
                        new EndTransactionMarker(type, itsEpoch)));
    }

    /** What a leader with the epoch may have from the offset on: a few batches with gaps. */
    ByteBuffer replicated(long fromOffset, int leaderEpoch) {
        ByteBuffer[] batches = new ByteBuffer[1 + random.nextInt(4)];
        long next = fromOffset;
        for (int i = 0; i < batches.length; i++) {
            if (random.nextInt(4) == 0) {
                next += random.nextInt(6);
            }
            long producerId = 1 + random.nextInt(3);
            Producer producer = producers.computeIfAbsent(producerId, id -> new Producer());
            int count = 1 + random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> {
                    batches[i] = marker(producerId, next, leaderEpoch);
                    count = 1;
                }
                case 1 -> {
                    batches[i] =
                            batch(
                                    next,
                                    leaderEpoch,
                                    producerId,
                                    producer.epoch,
                                    producer.nextSequence,
                                    true,
                                    count);
                    producer.nextSequence += count;
                }
                default -> batches[i] = batch(next, leaderEpoch, -1, (short) -1, -1, false, count);
            }
            next += count;
        }
        return Batches.together(batches);
    }

    private ByteBuffer batch(
            long offset,
            int leaderEpoch,
            long producerId,
            short producerEpoch,
            int sequence,
            boolean transactional,
            int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = record();
        }
        return direct(
                MemoryRecords.withRecords(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        offset,
                        compression(),
                        TimestampType.CREATE_TIME,
                        producerId,
                        producerEpoch,
                        sequence,
                        leaderEpoch,
                        transactional,
                        records));
    }

    private SimpleRecord record() {
        long skew = random.nextInt(30) == 0 ? 7_200_000 : random.nextInt(2000) - 1000;
        byte[] key = ("key-" + random.nextInt(KEYS)).getBytes(StandardCharsets.UTF_8);
        byte[] value =
                random.nextInt(4) == 0
                        ? null
                        : ("value-" + random.nextInt(1000) + "x".repeat(random.nextInt(60)))
                                .getBytes(StandardCharsets.UTF_8);
        return new SimpleRecord(clock.wallMillis() + skew, key, value);
    }

    private Compression compression() {
        return random.nextInt(3) == 0
                ? Compression.of(CODECS[random.nextInt(CODECS.length)]).build()
                : Compression.NONE;
    }

    static ByteBuffer copy(ByteBuffer batches) {
        ByteBuffer copy = ByteBuffer.allocate(batches.remaining());
        return copy.put(batches.duplicate()).flip();
    }

    private static ByteBuffer direct(MemoryRecords records) {
        return copy(records.buffer());
    }
}
