package io.penstock.benchmarks.load;

import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks one broker for its metadata on a connection of its own. A Kafka client would first back off
 * and retry, which is too coarse for the moment at which a broker begins to serve.
 */
public final class MetadataProbe {

    private static final short VERSION = 4;
    private static final short HEADER_VERSION = 1;
    private static final int CONNECT_MILLIS = 2000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final Duration STEP = Duration.ofMillis(2);

    private final String host;
    private final int port;

    public MetadataProbe(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Nothing, as long as the broker does not answer. */
    private Optional<MetadataResponseData> ask(Optional<String> topic) {
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false);
        request.setTopics(
                topic.map(
                                name ->
                                        List.of(
                                                new MetadataRequestData.MetadataRequestTopic()
                                                        .setName(name)))
                        .orElse(List.of()));
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(ApiKeys.METADATA.id)
                        .setRequestApiVersion(VERSION)
                        .setCorrelationId(1)
                        .setClientId("probe");
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(frame(header, request));
            DataInputStream input = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[input.readInt()];
            input.readFully(answer);
            ByteBuffer buffer = ByteBuffer.wrap(answer);
            buffer.getInt();
            return Optional.of(new MetadataResponseData(new ByteBufferAccessor(buffer), VERSION));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] frame(RequestHeaderData header, MetadataRequestData request) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = size(header, cache, HEADER_VERSION) + size(request, cache, VERSION);
        ByteBuffer frame = ByteBuffer.allocate(4 + size).putInt(size);
        ByteBufferAccessor writable = new ByteBufferAccessor(frame);
        header.write(writable, cache, HEADER_VERSION);
        request.write(writable, cache, VERSION);
        return frame.array();
    }

    private static int size(Message message, ObjectSerializationCache cache, short version) {
        return message.size(cache, version);
    }

    /** Milliseconds since the given moment until the broker answers that it knows a broker. */
    public double awaitServing(long sinceNanos, Duration limit)
            throws IOException, InterruptedException {
        return await(sinceNanos, limit, Optional.empty(), 0);
    }

    /** Milliseconds since the given moment until so many partitions have a leader. */
    public double awaitLeaders(long sinceNanos, Duration limit, String topic, int partitions)
            throws IOException, InterruptedException {
        return await(sinceNanos, limit, Optional.of(topic), partitions);
    }

    private double await(long sinceNanos, Duration limit, Optional<String> topic, int partitions)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<MetadataResponseData> answer = ask(topic);
            if (answer.isPresent()
                    && !answer.get().brokers().isEmpty()
                    && led(answer.get()) >= partitions) {
                return (System.nanoTime() - sinceNanos) / 1e6;
            }
            Thread.sleep(STEP);
        }
        throw new IOException("The broker did not serve within " + limit.toSeconds() + " s");
    }

    private static long led(MetadataResponseData metadata) {
        return metadata.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.errorCode() == 0 && partition.leaderId() >= 0)
                .count();
    }
}
