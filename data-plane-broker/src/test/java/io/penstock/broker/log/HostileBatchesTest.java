package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.AppendResult.Appended;

import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Whatever bytes come, the log answers and stays whole. Other seeds by {@code -Dpenstock.seed} and
 * {@code -Dpenstock.times}.
 */
class HostileBatchesTest {

    private static final int BATCHES = 2_000;

    @TempDir(factory = MemoryDirectory.class)
    private Path directory;

    static LongStream seeds() {
        long first = Long.getLong("penstock.seed", 1);
        return LongStream.range(first, first + Integer.getInteger("penstock.times", 3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyBufferIsTakenWholeOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        TestLog test =
                new TestLog(
                        directory, TestLog.settings(100_000, Map.of("max.message.bytes", "5000")));
        PartitionLog log = test.open(true);
        int taken = 0;
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer bytes = hostile(random, test.clock.wallMillis());
            int position = bytes.position();
            int limit = bytes.limit();
            long before = log.end().offset();
            AppendOrigin origin = AppendOrigin.values()[random.nextInt(3)];

            AppendResult result = log.append(bytes, origin, random.nextInt(5) - 1);

            assertThat(bytes.position()).isEqualTo(position);
            assertThat(bytes.limit()).isEqualTo(limit);
            if (result instanceof Appended done && !done.duplicate()) {
                taken++;
                assertThat(log.end().offset()).isEqualTo(done.lastOffset() + 1);
            } else {
                assertThat(log.end().offset()).isEqualTo(before);
            }
        }
        long end = log.end().offset();
        assertThat(taken).isPositive();
        log.abandon();

        PartitionLog again = test.open(false);

        assertThat(again.end().offset()).isEqualTo(end);
        again.abandon();
    }

    private static ByteBuffer hostile(Random random, long now) {
        ByteBuffer sound =
                switch (random.nextInt(4)) {
                    case 0 -> Batches.of(Batches.records(now, "a", "b", "c"));
                    case 1 -> Batches.of(Compression.gzip().build(), Batches.records(now, "zip"));
                    case 2 ->
                            Batches.idempotent(random.nextInt(3), 0, 0, Batches.records(now, "i"));
                    default ->
                            Batches.together(
                                    Batches.of(Batches.records(now, "x")),
                                    Batches.marker(9, 0, true, 1, now));
                };
        switch (random.nextInt(5)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                return ByteBuffer.wrap(noise);
            }
            case 1 -> {
                return sound.limit(random.nextInt(sound.limit() + 1));
            }
            case 2 -> flip(random, sound, 1 + random.nextInt(4));
            case 3 -> {
                flip(random, sound, 1 + random.nextInt(3));
                mendChecksum(sound);
            }
            default -> {
                // Sound as it is.
            }
        }
        return sound;
    }

    private static void flip(Random random, ByteBuffer bytes, int times) {
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(bytes.limit());
            bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
        }
    }

    /** As an attacker would: only the meaning is wrong. */
    private static void mendChecksum(ByteBuffer bytes) {
        if (bytes.remaining() < RecordBatchHeader.SIZE) {
            return;
        }
        long size = RecordBatchHeader.sizeInBytes(bytes, 0);
        if (size >= RecordBatchHeader.SIZE && size <= bytes.remaining()) {
            bytes.putInt(17, RecordBatchHeader.computeChecksum(bytes, 0, (int) size));
        }
    }
}
