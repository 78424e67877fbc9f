package io.penstock.broker.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

import java.nio.ByteBuffer;
import java.util.List;

/** Turns responses into frames. */
public final class ResponseEncoder {

    private ResponseEncoder() {}

    /**
     * A response's frame, length included.
     *
     * @param size bytes of the whole frame
     * @param parts in order: {@link ByteBuf}s and {@link RecordsSource}s, all owned by the caller
     */
    public record Frame(int size, List<Object> parts) {}

    /**
     * Encodes a response. Whatever happens, the response's record sources are then the frame's or,
     * after an exception, released.
     */
    public static Frame encode(
            ByteBufAllocator allocator,
            ApiKeys api,
            short version,
            int correlationId,
            ApiMessage response) {
        ByteBufWritable writable = null;
        try {
            short headerVersion = api.responseHeaderVersion(version);
            ObjectSerializationCache cache = new ObjectSerializationCache();
            MessageSizeAccumulator size = new MessageSizeAccumulator();
            ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
            header.addSize(size, cache, headerVersion);
            response.addSize(size, cache, version);
            int inBuffer = size.totalSize() - fileBytes(response);
            writable = new ByteBufWritable(allocator.directBuffer(Integer.BYTES + inBuffer));
            writable.writeInt(size.totalSize());
            header.write(writable, cache, headerVersion);
            response.write(writable, cache, version);
            return new Frame(Integer.BYTES + size.totalSize(), writable.finish());
        } catch (RuntimeException | Error e) {
            if (writable != null) {
                writable.abandon();
            }
            discard(response);
            throw e;
        }
    }

    /** Encodes the answer to an internal request: correlation id, then the bytes. */
    public static Frame encodeInternal(
            ByteBufAllocator allocator, int correlationId, ByteBuffer body) {
        int size = Integer.BYTES + body.remaining();
        ByteBuf buffer = allocator.directBuffer(Integer.BYTES + size);
        buffer.writeInt(size).writeInt(correlationId).writeBytes(body.duplicate());
        return new Frame(Integer.BYTES + size, List.of(buffer));
    }

    /** Releases what a response that is never going to be encoded holds. */
    public static void discard(ApiMessage response) {
        if (response instanceof FetchResponseData fetch) {
            FetchedRecords.releaseAll(fetch);
        }
    }

    private static int fileBytes(ApiMessage response) {
        if (!(response instanceof FetchResponseData fetch)) {
            return 0;
        }
        SmallRecords small = new SmallRecords();
        int bytes = 0;
        for (var topic : fetch.responses()) {
            for (var partition : topic.partitions()) {
                if (partition.records() instanceof FetchedRecords.SourcedRecords records
                        && !small.take(records.sizeInBytes())) {
                    bytes += records.sizeInBytes();
                }
            }
        }
        return bytes;
    }
}
