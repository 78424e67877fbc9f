package io.penstock.broker.protocol.record;

import io.penstock.broker.protocol.RecordsSource;

import org.apache.kafka.common.record.internal.CompressionType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What has to be looked up in batches of the log before some client may get them. */
public final class StoredBatches {

    private static final int LENGTH_POSITION = 8;
    private static final int LOG_OVERHEAD = 12;
    private static final int ATTRIBUTES_POSITION = 21;
    private static final int LOOKED_AT = ATTRIBUTES_POSITION + Short.BYTES;
    private static final int CODEC_MASK = 0x07;

    private StoredBatches() {}

    /** Reads each batch's header: only for clients so old that few are left. */
    public static boolean containZstd(RecordsSource source) throws IOException {
        long end = source.position() + source.size();
        ByteBuffer header = ByteBuffer.allocate(LOOKED_AT);
        for (long at = source.position();
                at + LOOKED_AT <= end;
                at += LOG_OVERHEAD + header.getInt(LENGTH_POSITION)) {
            header.clear();
            while (header.hasRemaining()) {
                if (source.channel().read(header, at + header.position()) < 0) {
                    throw new EOFException("a segment ended within a slice of it");
                }
            }
            if ((header.getShort(ATTRIBUTES_POSITION) & CODEC_MASK) == CompressionType.ZSTD.id) {
                return true;
            }
            if (header.getInt(LENGTH_POSITION) <= 0) {
                return false;
            }
        }
        return false;
    }
}
