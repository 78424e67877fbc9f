package io.penstock.broker.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.testing.TestBroker;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Answers that depend on the version of the request, as older clients get them. */
class OlderVersionsTest {

    @TempDir private Path folder;
    private TestBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = new TestBroker(folder).withTopic("orders", 1, Map.of()).start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"9,zstd,UNSUPPORTED_COMPRESSION_TYPE", "10,zstd,NONE", "9,lz4,NONE"})
    void onlyClientsThatKnowZstdGetIt(short version, String compression, Errors expected)
            throws Exception {
        produce("orders", compression, "all");

        FetchRequestData request =
                new FetchRequestData()
                        .setReplicaId(-1)
                        .setMaxWaitMs(0)
                        .setMinBytes(1)
                        .setMaxBytes(1 << 20)
                        .setSessionEpoch(-1)
                        .setTopics(
                                List.of(
                                        new FetchRequestData.FetchTopic()
                                                .setTopic("orders")
                                                .setPartitions(
                                                        List.of(
                                                                new FetchRequestData
                                                                                .FetchPartition()
                                                                        .setPartition(0)
                                                                        .setPartitionMaxBytes(
                                                                                1 << 20)))));
        var answer =
                new FetchResponseData(ask(ApiKeys.FETCH, version, request), version)
                        .responses()
                        .getFirst()
                        .partitions()
                        .getFirst();

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(expected);
        assertThat(answer.records().sizeInBytes() > 0).isEqualTo(expected == Errors.NONE);
    }

    /** KIP-207: a new leader does not know yet how far its predecessor had shown the log. */
    @ParameterizedTest
    @CsvSource({"4,LEADER_NOT_AVAILABLE", "5,OFFSET_NOT_AVAILABLE"})
    void theEndIsNotToldBeforeTheHighWatermarkHasCaughtUp(short version, Errors expected)
            throws Exception {
        broker.withPartition("replicated", led(1, List.of(0, 1))).publish();
        produce("replicated", "none", "1");
        assertThat(latest("replicated", version).offset()).as("not committed").isZero();

        broker.withPartition("replicated", led(2, List.of(0, 1))).publish();
        assertThat(Errors.forCode(latest("replicated", version).errorCode())).isEqualTo(expected);

        broker.withPartition("replicated", led(3, List.of(0))).publish();
        assertThat(latest("replicated", version).offset()).isEqualTo(1);
    }

    /** Versions before 4 have no field for the epoch; kcat asks in version 2. */
    @ParameterizedTest
    @CsvSource({"1,-1", "2,-1", "3,-1", "4,3"})
    void theEndIsToldInOldVersionsWithoutAnEpoch(short version, int epoch) throws Exception {
        broker.withPartition("replicated", led(3, List.of(0))).publish();
        produce("replicated", "none", "1");

        var answer = latest("replicated", version);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        assertThat(answer.offset()).isPositive();
        assertThat(answer.leaderEpoch()).isEqualTo(epoch);
    }

    @Test
    void theEarliestOffsetIsToldMeanwhile() throws Exception {
        broker.withPartition("replicated", led(1, List.of(0, 1))).publish();
        produce("replicated", "none", "1");
        broker.withPartition("replicated", led(2, List.of(0, 1))).publish();

        assertThat(offset("replicated", (short) 5, -2).errorCode()).isEqualTo(Errors.NONE.code());
    }

    private static PartitionState led(int epoch, List<Integer> inSync) {
        return new PartitionState(
                List.of(0, 1), inSync, List.of(), List.of(), List.of(), 0, epoch, epoch);
    }

    private void produce(String topic, String compression, String acks) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrap("PLAINTEXT"),
                                "compression.type",
                                compression,
                                "enable.idempotence",
                                "false",
                                "acks",
                                acks),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", "value".repeat(100)))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private ListOffsetsResponseData.ListOffsetsPartitionResponse latest(String topic, short version)
            throws IOException {
        return offset(topic, version, -1);
    }

    private ListOffsetsResponseData.ListOffsetsPartitionResponse offset(
            String topic, short version, long timestamp) throws IOException {
        ListOffsetsRequestData request =
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(
                                List.of(
                                        new ListOffsetsRequestData.ListOffsetsTopic()
                                                .setName(topic)
                                                .setPartitions(
                                                        List.of(
                                                                new ListOffsetsRequestData
                                                                                .ListOffsetsPartition()
                                                                        .setPartitionIndex(0)
                                                                        .setTimestamp(
                                                                                timestamp)))));
        return new ListOffsetsResponseData(ask(ApiKeys.LIST_OFFSETS, version, request), version)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    /** One request in a version with a header of the old layout; the body of its response. */
    private ByteBufferAccessor ask(ApiKeys api, short version, ApiMessage request)
            throws IOException {
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        try (Socket socket =
                new Socket(
                        broker.address("PLAINTEXT").getAddress(),
                        broker.address("PLAINTEXT").getPort())) {
            socket.setSoTimeout(20_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(10 + body.remaining());
            out.writeShort(api.id);
            out.writeShort(version);
            out.writeInt(1);
            out.writeShort(-1);
            out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readInt()];
            in.readFully(answer);
            return new ByteBufferAccessor(
                    ByteBuffer.wrap(answer, Integer.BYTES, answer.length - Integer.BYTES));
        }
    }
}
