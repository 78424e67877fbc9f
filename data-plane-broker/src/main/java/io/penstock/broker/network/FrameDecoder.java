package io.penstock.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.penstock.broker.protocol.InvalidFrameException;

import java.util.function.IntSupplier;

/**
 * Cuts a stream into frames: four bytes of length, then as many bytes. A frame that came in one
 * piece is a slice of what was read; another one is gathered in a buffer of its own, which grows
 * with what has really arrived, so that a length alone costs no memory. Works for servers and
 * clients; passes {@link ByteBuf}s on, which the next handler releases.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {

    private static final int INITIAL_CAPACITY = 256 * 1024;

    private final IntSupplier maxFrameBytes;

    /** Bytes of the length that have arrived, and the length itself as far as it is known. */
    private int lengthBytes;

    private int length;

    /** What has arrived of a frame that did not come in one piece; null between frames. */
    private ByteBuf partial;

    private boolean failed;

    /**
     * @param maxFrameBytes asked for each frame, since it grows when a connection authenticates
     */
    public FrameDecoder(IntSupplier maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf chunk = (ByteBuf) message;
        try {
            while (chunk.isReadable() && !failed) {
                if (lengthBytes < Integer.BYTES) {
                    readLength(context, chunk);
                } else {
                    readBody(context, chunk);
                }
            }
        } finally {
            chunk.release();
        }
    }

    private void readLength(ChannelHandlerContext context, ByteBuf chunk) {
        while (lengthBytes < Integer.BYTES && chunk.isReadable()) {
            length = (length << Byte.SIZE) | chunk.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes == Integer.BYTES && (length <= 0 || length > maxFrameBytes.getAsInt())) {
            failed = true;
            context.fireExceptionCaught(
                    new InvalidFrameException(
                            "a frame of "
                                    + length
                                    + " bytes; allowed are 1 to "
                                    + maxFrameBytes.getAsInt()));
        }
    }

    private void readBody(ChannelHandlerContext context, ByteBuf chunk) {
        if (partial == null && chunk.readableBytes() >= length) {
            ByteBuf frame = chunk.readRetainedSlice(length);
            startNextFrame();
            context.fireChannelRead(frame);
            return;
        }
        if (partial == null) {
            partial = context.alloc().directBuffer(Math.min(length, INITIAL_CAPACITY), length);
        }
        partial.writeBytes(
                chunk, Math.min(chunk.readableBytes(), length - partial.readableBytes()));
        if (partial.readableBytes() == length) {
            ByteBuf frame = partial;
            partial = null;
            startNextFrame();
            context.fireChannelRead(frame);
        }
    }

    private void startNextFrame() {
        lengthBytes = 0;
        length = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        releasePartial();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        releasePartial();
    }

    private void releasePartial() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
