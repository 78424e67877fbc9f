package io.penstock.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.LongStream;

/** Requests, and what comes in their place. */
class RequestFrameTest {

    private static final int SEEDS = 3_000;

    /** What Kafka's message classes read of one array; they make room as they go. */
    private static final int MOST_ELEMENTS = 1_000_000;

    /** Set this property to replay one run. */
    private static final Long ONLY = Long.getLong("penstock.frames.seed");

    @Test
    void garbageIsARequestOrAnInvalidFrame() {
        seeds().forEach(
                        seed -> {
                            Random random = new Random(seed);
                            byte[] bytes = new byte[random.nextInt(200)];
                            random.nextBytes(bytes);
                            ByteBuffer frame = ByteBuffer.wrap(bytes);
                            if (bytes.length > 4 && random.nextInt(4) > 0) {
                                // As far as the body of a request that exists.
                                frame.putShort(0, (short) random.nextInt(100));
                                frame.putShort(2, (short) random.nextInt(20));
                            }
                            read(frame, "seed " + seed);
                        });
    }

    /** Each version of each request, damaged in one place or cut off. */
    @ParameterizedTest
    @EnumSource(ApiKeys.class)
    void aDamagedRequestIsARequestOrAnInvalidFrame(ApiKeys api) {
        if (!api.hasValidVersion()) {
            return;
        }
        for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            byte[] whole = request(api, version);
            for (int at = 0; at < whole.length; at++) {
                read(ByteBuffer.wrap(whole, 0, at), api + " " + version + " cut at " + at);
                for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                    byte[] damaged = whole.clone();
                    damaged[at] = (byte) value;
                    read(
                            ByteBuffer.wrap(damaged),
                            api + " " + version + " with " + value + " at " + at);
                }
            }
        }
    }

    /** A request may claim room for no more elements than it could mean. */
    @Test
    void anArrayOfMillionsIsNoRequest() throws InvalidFrameException {
        int elements = 3 * MOST_ELEMENTS / 2;

        RequestFrame.Kafka request = metadataOf(elements);

        assertThatThrownBy(request::message)
                .isInstanceOf(InvalidFrameException.class)
                .hasMessageContaining(Integer.toString(elements));
    }

    @Test
    void manyElementsAreStillARequest() throws InvalidFrameException {
        int elements = MOST_ELEMENTS / 10;

        RequestFrame.Kafka request = metadataOf(elements);

        assertThat(MessageUtil.toByteBufferAccessor(request.message(), (short) 1).remaining())
                .isEqualTo(4 + 2 * elements);
    }

    /** Asks about so many topics, all with an empty name. */
    private static RequestFrame.Kafka metadataOf(int topics) throws InvalidFrameException {
        ByteBuffer frame =
                ByteBuffer.allocate(10 + 4 + 2 * topics)
                        .putShort(ApiKeys.METADATA.id)
                        .putShort((short) 1)
                        .putInt(7)
                        .putShort((short) -1)
                        .putInt(topics)
                        .clear();
        return (RequestFrame.Kafka) RequestFrame.parse(frame);
    }

    private static LongStream seeds() {
        return ONLY != null ? LongStream.of(ONLY) : LongStream.range(0, SEEDS);
    }

    /** Header, and a body as a new message object is written. */
    private static byte[] request(ApiKeys api, short version) {
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(api.id)
                        .setRequestApiVersion(version)
                        .setCorrelationId(5)
                        .setClientId("client");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                        .buffer();
        ByteBuffer body;
        try {
            ApiMessage message = api.messageType.newRequest();
            body = MessageUtil.toByteBufferAccessor(message, version).buffer();
        } catch (RuntimeException fieldsWithoutDefault) {
            // Something the message cannot be without: its header alone is damaged then.
            body = ByteBuffer.allocate(0);
        }
        return ByteBuffer.allocate(head.remaining() + body.remaining()).put(head).put(body).array();
    }

    private static void read(ByteBuffer frame, String what) {
        try {
            RequestFrame request = RequestFrame.parse(frame);
            if (request instanceof RequestFrame.Kafka kafka) {
                // A version that is not served is not read either.
                if (kafka.apiKey().isVersionSupported(kafka.apiVersion())) {
                    kafka.message();
                }
            }
        } catch (InvalidFrameException documented) {
            assertThat(documented.getStackTrace()).as(what).isEmpty();
        } catch (RuntimeException | Error other) {
            throw new AssertionError(what, other);
        }
    }
}
