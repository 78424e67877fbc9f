package io.penstock.broker.protocol;

import org.apache.kafka.common.protocol.ByteBufferAccessor;

import java.nio.ByteBuffer;

/**
 * The bytes of a request as its message class reads them. That class makes room for as many
 * elements as an array claims to have, once so many bytes are left: a hundred megabytes would claim
 * several times the heap before the first element is read.
 */
final class RequestBody extends ByteBufferAccessor {

    /** More than any array of a request has that means something. */
    static final int MOST_ELEMENTS = 1_000_000;

    RequestBody(ByteBuffer bytes) {
        super(bytes);
    }

    /** Asked for by arrays only. */
    @Override
    public int remaining() {
        return Math.min(super.remaining(), MOST_ELEMENTS);
    }
}
