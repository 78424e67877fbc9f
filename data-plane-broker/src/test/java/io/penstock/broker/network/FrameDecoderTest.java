package io.penstock.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.broker.protocol.InvalidFrameException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Streams of bytes, cut as a network may cut them, and streams that no client sends. */
class FrameDecoderTest {

    private static final int LIMIT = 600_000;
    private static final int SEEDS = 200;

    /** Set this property to replay one run. */
    private static final Long ONLY = Long.getLong("penstock.frames.seed");

    private final List<ByteBuf> fed = new ArrayList<>();

    @Test
    void howAStreamIsCutMakesNoDifference() {
        seeds().forEach(this::cutAnywhere);
    }

    private void cutAnywhere(long seed) {
        Random random = new Random(seed);
        List<byte[]> frames = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            byte[] frame = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? LIMIT : 300)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        ByteBuf stream = Unpooled.buffer();
        frames.forEach(frame -> stream.writeInt(frame.length).writeBytes(frame));
        Frames received = new Frames();
        EmbeddedChannel channel = channel(received);

        feed(channel, stream, random);

        assertThat(received.failures).as("seed %d", seed).isEmpty();
        assertThat(received.frames)
                .as("seed %d", seed)
                .isEqualTo(frames.stream().map(ByteBuffer::wrap).toList());
        assertNothingIsHeld(channel, seed);
    }

    /** Valid frames, then a frame that is none, then whatever comes: all before it arrive. */
    @Test
    void nothingAfterAnImpossibleLengthIsHeardOrKept() {
        seeds().forEach(this::spoilt);
    }

    private void spoilt(long seed) {
        Random random = new Random(seed);
        ByteBuf stream = Unpooled.buffer();
        int whole = random.nextInt(5);
        for (int i = 0; i < whole; i++) {
            byte[] frame = new byte[1 + random.nextInt(500)];
            stream.writeInt(frame.length).writeBytes(frame);
        }
        int[] impossible = {
            0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, LIMIT + 1, -1 - random.nextInt(1 << 30)
        };
        stream.writeInt(impossible[random.nextInt(impossible.length)]);
        byte[] rest = new byte[random.nextInt(2000)];
        random.nextBytes(rest);
        stream.writeBytes(rest);
        Frames received = new Frames();
        EmbeddedChannel channel = channel(received);

        feed(channel, stream, random);

        assertThat(received.frames).as("seed %d", seed).hasSize(whole);
        assertThat(received.failures)
                .as("seed %d", seed)
                .singleElement()
                .isInstanceOf(InvalidFrameException.class);
        assertNothingIsHeld(channel, seed);
    }

    @Test
    void garbageIsFramesOrOneFailure() {
        seeds().forEach(
                        seed -> {
                            Random random = new Random(seed);
                            byte[] garbage = new byte[random.nextInt(5_000)];
                            random.nextBytes(garbage);
                            if (random.nextBoolean()) {
                                // Lengths that are possible come up seldom by themselves.
                                for (int at = 0; at + 4 < garbage.length; at += 64) {
                                    garbage[at] = 0;
                                    garbage[at + 1] = 0;
                                }
                            }
                            Frames received = new Frames();
                            EmbeddedChannel channel = channel(received);

                            feed(channel, Unpooled.wrappedBuffer(garbage), random);

                            assertThat(received.failures)
                                    .as("seed %d", seed)
                                    .hasSizeLessThanOrEqualTo(1)
                                    .allMatch(InvalidFrameException.class::isInstance);
                            assertThat(received.frames)
                                    .as("seed %d", seed)
                                    .allMatch(f -> f.hasRemaining() && f.remaining() <= LIMIT);
                            assertNothingIsHeld(channel, seed);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 1000, 300_000})
    void whatArrivedOfAFrameGoesWithTheConnection(int arrived) {
        ByteBuf stream = Unpooled.buffer().writeInt(LIMIT).writeZero(LIMIT);
        Frames received = new Frames();
        EmbeddedChannel channel = channel(received);

        feedPiece(channel, stream, arrived);
        stream.release();

        assertThat(received.frames).isEmpty();
        assertNothingIsHeld(channel, 0);
    }

    /** Who announces much and sends little takes little. */
    @Test
    void aLengthAloneTakesNoMemory() {
        PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
        Frames received = new Frames();
        int announced = 100 * 1024 * 1024;
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(() -> announced), received);
        channel.config().setAllocator(allocator);
        ByteBuf stream = Unpooled.buffer().writeInt(announced).writeZero(1000);

        feedPiece(channel, stream, stream.readableBytes());
        stream.release();

        assertThat(allocator.pinnedDirectMemory()).isBetween(1000L, 512L * 1024);
        assertNothingIsHeld(channel, 0);
        assertThat(allocator.pinnedDirectMemory()).isZero();
    }

    private static List<Long> seeds() {
        return ONLY != null ? List.of(ONLY) : LongStream.range(0, SEEDS).boxed().toList();
    }

    private static EmbeddedChannel channel(Frames received) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(() -> LIMIT), received);
        channel.config().setAllocator(ByteBufAllocator.DEFAULT);
        return channel;
    }

    private void feed(EmbeddedChannel channel, ByteBuf stream, Random random) {
        int most = random.nextInt(4) == 0 ? 5 : 1 + random.nextInt(400_000);
        while (stream.isReadable()) {
            int size = Math.min(stream.readableBytes(), 1 + random.nextInt(most));
            // Byte by byte a large stream would take for ever.
            feedPiece(
                    channel, stream, stream.readableBytes() > 20_000 ? Math.max(size, 700) : size);
        }
        stream.release();
    }

    private void feedPiece(EmbeddedChannel channel, ByteBuf stream, int size) {
        ByteBuf piece = channel.alloc().directBuffer(size);
        stream.readBytes(piece, Math.min(size, stream.readableBytes()));
        fed.add(piece);
        channel.writeInbound(piece);
    }

    private void assertNothingIsHeld(EmbeddedChannel channel, long seed) {
        channel.finishAndReleaseAll();
        channel.checkException();
        assertThat(fed).as("seed %d", seed).allMatch(piece -> piece.refCnt() == 0);
        fed.clear();
    }

    /** Takes what the decoder passes on, and lets go of it. */
    private static final class Frames extends ChannelInboundHandlerAdapter {
        private final List<ByteBuffer> frames = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf frame = (ByteBuf) message;
            byte[] copy = new byte[frame.readableBytes()];
            frame.getBytes(frame.readerIndex(), copy);
            frames.add(ByteBuffer.wrap(copy));
            frame.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failures.add(cause);
        }
    }
}
