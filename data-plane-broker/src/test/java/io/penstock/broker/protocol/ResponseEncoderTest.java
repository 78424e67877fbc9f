package io.penstock.broker.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.broker.protocol.ResponseEncoder.Frame;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class ResponseEncoderTest {

    private static final short VERSION = 17;
    private static final int CORRELATION_ID = 7;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    @Test
    void aFewRecordsTravelInOneBuffer() {
        Source source = new Source(1, 1_000);

        Frame frame = encode(source);

        assertThat(frame.parts()).singleElement().isInstanceOf(ByteBuf.class);
        assertThat(source.released).isEqualTo(1);
        assertThat(recordsOf(frame)).containsExactly(source.bytes());
    }

    @Test
    void manyRecordsStayInTheirFile() {
        Source source = new Source(1, SmallRecords.LARGEST + 1);

        Frame frame = encode(source);

        assertThat(frame.parts()).contains(source);
        assertThat(source.released).isZero();
        assertThat(recordsOf(frame)).containsExactly(source.bytes());
        assertThat(source.released).isEqualTo(1);
    }

    @Test
    void whatIsCopiedIsBoundedInAll() {
        int fitting = SmallRecords.ALL_TOGETHER / SmallRecords.LARGEST;
        Source[] sources =
                IntStream.range(0, fitting + 2)
                        .mapToObj(i -> new Source(i, SmallRecords.LARGEST))
                        .toArray(Source[]::new);

        Frame frame = encode(sources);

        assertThat(frame.parts()).contains(sources[fitting], sources[fitting + 1]);
        assertThat(frame.parts()).doesNotContain(sources[fitting - 1]);
        assertThat(recordsOf(frame))
                .containsExactly(Stream.of(sources).map(Source::bytes).toArray(ByteBuffer[]::new));
    }

    @Test
    void recordsThatCannotBeReadLeaveNothingBehind() {
        Source readable = new Source(1, 10);
        Source damaged = new Source(2, 10);
        damaged.failure = new IOException("the disk is gone");

        assertThatThrownBy(() -> encode(readable, damaged)).hasRootCause(damaged.failure);

        assertThat(readable.released).isEqualTo(1);
        assertThat(damaged.released).isEqualTo(1);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private Frame encode(Source... sources) {
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopicId(Uuid.ONE_UUID);
        for (Source source : sources) {
            PartitionData partition = new PartitionData().setPartitionIndex(source.seed);
            FetchedRecords.attach(partition, source);
            topic.partitions().add(partition);
        }
        return ResponseEncoder.encode(
                allocator,
                ApiKeys.FETCH,
                VERSION,
                CORRELATION_ID,
                new FetchResponseData().setResponses(List.of(topic)));
    }

    /** What the receiver reads; frees the frame. */
    private List<ByteBuffer> recordsOf(Frame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(frame.size());
        for (Object part : frame.parts()) {
            if (part instanceof Source source) {
                source.readInto(bytes);
                source.release();
            } else if (part instanceof ByteBuf buffer) {
                bytes.put(buffer.nioBuffer());
                buffer.release();
            }
        }
        bytes.flip();
        assertThat(bytes.getInt()).isEqualTo(frame.size() - Integer.BYTES);
        var reader = new ByteBufferAccessor(bytes);
        var header = new ResponseHeaderData(reader, ApiKeys.FETCH.responseHeaderVersion(VERSION));
        assertThat(header.correlationId()).isEqualTo(CORRELATION_ID);
        List<ByteBuffer> records = new ArrayList<>();
        for (var topic : new FetchResponseData(reader, VERSION).responses()) {
            topic.partitions().forEach(p -> records.add(SentRecords.of(p)));
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        return records;
    }

    private static final class Source implements RecordsSource {

        private final int seed;
        private final int size;
        private int released;
        private IOException failure;

        Source(int seed, int size) {
            this.seed = seed;
            this.size = size;
        }

        ByteBuffer bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(size);
            readInto(bytes);
            return bytes.flip();
        }

        @Override
        public FileChannel channel() {
            throw new UnsupportedOperationException("nothing is sent here");
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public void readInto(ByteBuffer target) {
            if (failure != null) {
                throw new UncheckedIOException(failure);
            }
            for (int i = 0; i < size; i++) {
                target.put((byte) (seed + i));
            }
        }

        @Override
        public void release() {
            released++;
        }
    }
}
