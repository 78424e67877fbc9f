package io.penstock.broker.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import io.penstock.broker.protocol.RecordsSource;

import java.io.EOFException;
import java.io.IOException;

/** Records on their way through TLS: read piece by piece, as fast as the socket takes them. */
final class RecordsChunks implements ChunkedInput<ByteBuf> {

    private static final int CHUNK_BYTES = 128 * 1024;

    private final RecordsSource source;
    private int sent;
    private boolean closed;

    RecordsChunks(RecordsSource source) {
        this.source = source;
    }

    @Override
    public boolean isEndOfInput() {
        return sent == source.size();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            source.release();
        }
    }

    @Override
    public ByteBuf readChunk(ChannelHandlerContext context) throws IOException {
        return readChunk(context.alloc());
    }

    @Override
    public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
        int wanted = Math.min(CHUNK_BYTES, source.size() - sent);
        ByteBuf chunk = allocator.directBuffer(wanted, wanted);
        try {
            while (chunk.isWritable()) {
                int read =
                        chunk.writeBytes(
                                source.channel(),
                                source.position() + sent + chunk.readableBytes(),
                                chunk.writableBytes());
                if (read < 0) {
                    throw new EOFException("a segment ended within a slice of it");
                }
            }
            sent += wanted;
            return chunk;
        } catch (IOException | RuntimeException e) {
            chunk.release();
            throw e;
        }
    }

    @Override
    public long length() {
        return source.size();
    }

    @Override
    public long progress() {
        return sent;
    }
}
