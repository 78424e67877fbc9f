package io.penstock.broker.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

import java.nio.ByteBuffer;

/** Requests of Kafka's protocol that this broker itself sends to others. */
public final class PeerRequests {

    private PeerRequests() {}

    /** A whole frame, length included, which the caller releases. */
    public static ByteBuf encode(
            ByteBufAllocator allocator,
            ApiKeys api,
            short version,
            int correlationId,
            String clientId,
            ApiMessage request) {
        short headerVersion = api.requestHeaderVersion(version);
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(api.id)
                        .setRequestApiVersion(version)
                        .setCorrelationId(correlationId)
                        .setClientId(clientId);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        request.addSize(size, cache, version);
        int total = size.totalSize();
        ByteBuf frame = allocator.directBuffer(Integer.BYTES + total);
        try {
            frame.writeInt(total);
            ByteBufferAccessor body = new ByteBufferAccessor(frame.nioBuffer(Integer.BYTES, total));
            header.write(body, cache, headerVersion);
            request.write(body, cache, version);
            return frame.writerIndex(Integer.BYTES + total);
        } catch (RuntimeException | Error e) {
            frame.release();
            throw e;
        }
    }

    /** The correlation id of a response's frame. */
    public static int correlationId(ByteBuffer frame) {
        return frame.getInt(frame.position());
    }

    /**
     * Reads a response, whose records stay a view of the frame.
     *
     * @param frame without its length
     * @throws InvalidFrameException when the bytes are no such response
     */
    public static ApiMessage decode(ByteBuffer frame, ApiKeys api, short version)
            throws InvalidFrameException {
        try {
            ByteBufferAccessor body = new ByteBufferAccessor(frame);
            new ResponseHeaderData().read(body, api.responseHeaderVersion(version));
            ApiMessage response = api.messageType.newResponse();
            response.read(body, version);
            return response;
        } catch (RuntimeException e) {
            // The generated classes throw bare RuntimeExceptions for lengths out of range.
            throw new InvalidFrameException(
                    api.name + " response cannot be read: " + e.getMessage());
        }
    }
}
