package io.penstock.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.protocol.SupportedApis;
import io.penstock.broker.security.Authenticators;
import io.penstock.broker.testing.LeakRecorder;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;

/** A connection to which requests come in pieces, and among them what is no request. */
class HostileStreamsTest {

    private static final int SEEDS = 400;

    /** Set this property to replay one run. */
    private static final Long ONLY = Long.getLong("penstock.frames.seed");

    private static final int LIMIT = 2_000;

    private final ImageCache metadata = new ImageCache();
    private final List<ByteBuf> fed = new ArrayList<>();

    @AfterEach
    void stop() {
        metadata.close();
    }

    @Test
    void everythingBeforeTheFirstThatIsNoRequestIsAnsweredInOrder() {
        (ONLY != null ? LongStream.of(ONLY) : LongStream.range(0, SEEDS)).forEach(this::converse);
        System.gc();
        assertThat(LeakRecorder.leaks()).isEmpty();
    }

    private void converse(long seed) {
        Random random = new Random(seed);
        EmbeddedChannel channel = connection();
        int valid = random.nextInt(300);
        ByteBuf stream = Unpooled.buffer();
        for (int id = 0; id < valid; id++) {
            apiVersions(stream, random.nextInt(3), id);
        }
        boolean hostile = random.nextBoolean();
        if (hostile) {
            noRequest(stream, random);
            for (int id = 0; id < random.nextInt(5); id++) {
                apiVersions(stream, 0, 1000 + id);
            }
        }

        List<Integer> answered = feed(channel, stream, random);

        if (hostile) {
            assertThat(channel.isActive()).as("seed %d", seed).isFalse();
            // What was answered in the same moment as the connection ended may be lost.
            assertThat(answered).as("seed %d", seed).hasSizeLessThanOrEqualTo(valid);
        } else {
            assertThat(channel.isActive()).as("seed %d", seed).isTrue();
            assertThat(answered).as("seed %d", seed).hasSize(valid);
        }
        for (int i = 0; i < answered.size(); i++) {
            assertThat(answered.get(i)).as("seed %d", seed).isEqualTo(i);
        }
        assertNothingIsHeld(channel, "seed " + seed);
    }

    /** A frame that ends its connection. */
    private static void noRequest(ByteBuf stream, Random random) {
        switch (random.nextInt(7)) {
            case 0 -> stream.writeInt(0);
            case 1 -> stream.writeInt(-1 - random.nextInt(1000));
            case 2 -> stream.writeInt(LIMIT + 1 + random.nextInt(Integer.MAX_VALUE - LIMIT - 1));
            // Too short for a header.
            case 3 -> stream.writeInt(3).writeZero(3);
            // No such API, also not among the internal ones.
            case 4 -> header(stream, random.nextBoolean() ? 500 : 20_500, 0, 1, 0);
            // An API that is not served, and a version that is not.
            case 5 -> header(stream, ApiKeys.PRODUCE.id, 9, 1, 0);
            // A client id that is cut off.
            default ->
                    stream.writeInt(10)
                            .writeShort(ApiKeys.API_VERSIONS.id)
                            .writeShort(0)
                            .writeInt(1)
                            .writeShort(500);
        }
    }

    /** KIP-511: enough is told to ask again, in a layout that every client reads. */
    @ParameterizedTest
    @ValueSource(shorts = {5_000, 100, Short.MAX_VALUE, -1, Short.MIN_VALUE})
    void anyUnknownVersionOfApiVersionsIsAnsweredInTheFirstLayout(short version) {
        EmbeddedChannel channel = connection();
        ByteBuf stream = Unpooled.buffer();
        // One zero byte: the header of flexible versions ends with its tagged fields.
        header(stream, ApiKeys.API_VERSIONS.id, version, 9, 1);
        apiVersions(stream, 0, 10);

        feedPiece(channel, stream, stream.readableBytes());
        stream.release();

        ByteBuf answer = channel.readOutbound();
        assertThat(answer.readInt()).isEqualTo(answer.readableBytes());
        assertThat(answer.readInt()).as("correlation id").isEqualTo(9);
        assertThat(answer.readShort()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.readInt()).as("APIs").isEqualTo(1);
        assertThat(answer.readShort()).isEqualTo(ApiKeys.API_VERSIONS.id);
        assertThat(answer.readShort()).isZero();
        assertThat(answer.readShort())
                .isEqualTo(ApiKeys.API_VERSIONS.messageType.highestSupportedVersion(false));
        assertThat(answer.isReadable()).isFalse();
        answer.release();
        ByteBuf next = channel.readOutbound();
        assertThat(next.getInt(4)).as("the connection goes on").isEqualTo(10);
        next.release();
        assertNothingIsHeld(channel, "version " + version);
    }

    private static void apiVersions(ByteBuf stream, int version, int correlationId) {
        header(stream, ApiKeys.API_VERSIONS.id, version, correlationId, 0);
    }

    private static void header(ByteBuf stream, int api, int version, int correlationId, int zeros) {
        stream.writeInt(10 + zeros)
                .writeShort(api)
                .writeShort(version)
                .writeInt(correlationId)
                .writeShort(-1)
                .writeZero(zeros);
    }

    /** The correlation ids of the answers. */
    private List<Integer> feed(EmbeddedChannel channel, ByteBuf stream, Random random) {
        int most = random.nextBoolean() ? 9 : 3_000;
        List<Integer> answered = new ArrayList<>();
        while (stream.isReadable()) {
            feedPiece(channel, stream, 1 + random.nextInt(most));
            for (ByteBuf answer = channel.readOutbound();
                    answer != null;
                    answer = channel.readOutbound()) {
                answered.add(answer.getInt(4));
                answer.release();
            }
        }
        stream.release();
        return answered;
    }

    private void feedPiece(EmbeddedChannel channel, ByteBuf stream, int size) {
        ByteBuf piece = channel.alloc().directBuffer(size);
        stream.readBytes(piece, Math.min(size, stream.readableBytes()));
        fed.add(piece);
        if (channel.isOpen()) {
            channel.writeInbound(piece);
        } else {
            piece.release();
        }
    }

    private void assertNothingIsHeld(EmbeddedChannel channel, String what) {
        channel.finishAndReleaseAll();
        channel.checkException();
        assertThat(fed).as(what).allMatch(piece -> piece.refCnt() == 0);
        fed.clear();
    }

    private EmbeddedChannel connection() {
        Properties properties = new Properties();
        properties.put("broker.id", "0");
        properties.put("listeners", "PLAINTEXT://127.0.0.1:0");
        properties.put("log.dirs", "none");
        properties.put("zookeeper.connect", "127.0.0.1:1");
        properties.put("socket.request.max.bytes", Integer.toString(LIMIT));
        BrokerConfig config = BrokerConfig.from(properties);
        Connection connection =
                new Connection(
                        new Connection.Identity(
                                config.interBroker(),
                                true,
                                "connection",
                                InetAddress.getLoopbackAddress()),
                        config,
                        new NetworkServer.Services(
                                new OnlyVersions(),
                                InternalRequests.NONE,
                                new Authenticators(metadata, Clock.SYSTEM),
                                NetworkObserver.NONE,
                                Clock.SYSTEM),
                        new RateLimitedLog(
                                LoggerFactory.getLogger(HostileStreamsTest.class),
                                Clock.SYSTEM,
                                Duration.ofHours(1)));
        return new EmbeddedChannel(new FrameDecoder(connection::maxFrameBytes), connection);
    }

    private static final class OnlyVersions implements Dispatcher {
        @Override
        public SupportedApis supportedApis() {
            return new SupportedApis(Set.of(ApiKeys.API_VERSIONS));
        }

        @Override
        public CompletionStage<? extends ApiMessage> dispatch(
                RequestContext context, ApiMessage request) {
            return CompletableFuture.completedFuture(new ApiVersionsResponseData());
        }
    }
}
