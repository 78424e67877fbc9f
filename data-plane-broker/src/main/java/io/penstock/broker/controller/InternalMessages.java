package io.penstock.broker.controller;

import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.MetadataRecordCodec;
import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What brokers and the controller say to each other. A layout never changes under its version; a
 * broker that gets a version it does not know closes the connection.
 */
final class InternalMessages {

    static final short FETCH_METADATA = 20_000;
    static final short SUBMIT = 20_001;
    static final short STOPPING = 20_002;
    static final short PROBE = 20_003;
    static final short SUSPECT = 20_004;
    static final short RELAY = 20_005;
    static final short VERSION = 1;

    private static final int OK = 0;
    private static final int NOT_CONTROLLER = 1;
    private static final int FAILED = 2;

    private InternalMessages() {}

    /** A broker's question for what comes after its image. */
    record FetchRequest(int brokerId, long brokerEpoch, StreamPosition from, int maxWaitMillis) {}

    /** A broker of which the sender has reason to think that its process is gone. */
    record Suspicion(int brokerId, long brokerEpoch) {}

    /**
     * A request to the controller that takes the way through another broker.
     *
     * @param forwarded whether it went through one already: then it goes no further
     */
    record Relayed(boolean forwarded, short apiKey, ByteBuffer body) {
        Relayed passedOn() {
            return new Relayed(true, apiKey, body);
        }
    }

    /** Something of the other side failed; the change may or may not have been made. */
    static final class RemoteFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RemoteFailure(String message) {
            super(message, null, false, false);
        }
    }

    @FunctionalInterface
    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static ByteBuffer bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static DataInputStream input(ByteBuffer body) {
        byte[] copy = new byte[body.remaining()];
        body.duplicate().get(copy);
        return new DataInputStream(new ByteArrayInputStream(copy));
    }

    static ByteBuffer encode(FetchRequest request) {
        return bytes(
                out -> {
                    out.writeInt(request.brokerId());
                    out.writeLong(request.brokerEpoch());
                    write(out, request.from());
                    out.writeInt(request.maxWaitMillis());
                });
    }

    static FetchRequest decodeFetch(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        return new FetchRequest(in.readInt(), in.readLong(), readPosition(in), in.readInt());
    }

    static ByteBuffer encode(DeltaLog.Fetched fetched) {
        return bytes(
                out -> {
                    out.writeByte(OK);
                    write(out, fetched.position());
                    out.writeBoolean(fetched.snapshot());
                    MetadataRecordCodec.writeAll(out, fetched.records());
                });
    }

    static DeltaLog.Fetched decodeFetched(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        requireOk(in);
        StreamPosition position = readPosition(in);
        boolean snapshot = in.readBoolean();
        List<MetadataRecord> records = MetadataRecordCodec.readAll(in);
        return new DeltaLog.Fetched(position, snapshot, records);
    }

    static ByteBuffer encode(ControllerEvent.Administration event) {
        return bytes(
                out -> {
                    out.writeShort(event.apiKey().id);
                    out.writeShort(event.version());
                    write(out, event.request(), event.version());
                });
    }

    static ControllerEvent.Administration decodeAdministration(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        ApiKeys apiKey = ApiKeys.forId(in.readShort());
        short version = in.readShort();
        if (!ControllerCore.ADMINISTRATIVE.contains(apiKey)) {
            throw new IOException("no administrative request: " + apiKey);
        }
        ApiMessage request = apiKey.messageType.newRequest();
        request.read(new ByteBufferAccessor(ByteBuffer.wrap(in.readAllBytes())), version);
        return new ControllerEvent.Administration(apiKey, version, request);
    }

    /**
     * Whether asking twice does what asking once does: metadata is only read, and a proposal of
     * in-sync replicas names the state of the partition that it is about.
     */
    static boolean isRepeatable(short apiKey, ByteBuffer body) {
        return apiKey == FETCH_METADATA
                || apiKey == SUBMIT && body.getShort(body.position()) == ApiKeys.ALTER_PARTITION.id;
    }

    static ByteBuffer encode(ControllerEvent.BrokerStopping event) {
        return bytes(
                out -> {
                    out.writeInt(event.brokerId());
                    out.writeLong(event.brokerEpoch());
                });
    }

    static ControllerEvent.BrokerStopping decodeStopping(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        return new ControllerEvent.BrokerStopping(in.readInt(), in.readLong());
    }

    /**
     * @param version of the reply's message
     */
    static ByteBuffer encode(ControllerGateway.Submitted submitted, short version) {
        return bytes(
                out -> {
                    out.writeByte(OK);
                    write(out, submitted.position());
                    if (submitted.reply().isPresent()) {
                        write(out, submitted.reply().get(), version);
                    }
                });
    }

    static ControllerGateway.Submitted decodeSubmitted(ByteBuffer body, ControllerEvent event)
            throws IOException {
        DataInputStream in = input(body);
        requireOk(in);
        StreamPosition position = readPosition(in);
        Optional<ApiMessage> reply = Optional.empty();
        if (event instanceof ControllerEvent.Administration administration) {
            ApiMessage message = administration.apiKey().messageType.newResponse();
            message.read(
                    new ByteBufferAccessor(ByteBuffer.wrap(in.readAllBytes())),
                    administration.version());
            reply = Optional.of(message);
        }
        return new ControllerGateway.Submitted(position, reply);
    }

    static ByteBuffer emptyRequest() {
        return ByteBuffer.allocate(0);
    }

    static ByteBuffer encode(Uuid incarnation) {
        return bytes(
                out -> {
                    out.writeByte(OK);
                    out.writeLong(incarnation.getMostSignificantBits());
                    out.writeLong(incarnation.getLeastSignificantBits());
                });
    }

    static Uuid decodeIncarnation(ByteBuffer body) {
        try {
            DataInputStream in = input(body);
            requireOk(in);
            return new Uuid(in.readLong(), in.readLong());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer encode(Suspicion suspicion) {
        return bytes(
                out -> {
                    out.writeInt(suspicion.brokerId());
                    out.writeLong(suspicion.brokerEpoch());
                });
    }

    static Suspicion decodeSuspicion(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        return new Suspicion(in.readInt(), in.readLong());
    }

    static ByteBuffer encode(Relayed request) {
        return bytes(
                out -> {
                    out.writeBoolean(request.forwarded());
                    out.writeShort(request.apiKey());
                    byte[] body = new byte[request.body().remaining()];
                    request.body().duplicate().get(body);
                    out.write(body);
                });
    }

    static Relayed decodeRelayed(ByteBuffer body) throws IOException {
        DataInputStream in = input(body);
        return new Relayed(in.readBoolean(), in.readShort(), ByteBuffer.wrap(in.readAllBytes()));
    }

    static ByteBuffer done() {
        return bytes(out -> out.writeByte(OK));
    }

    static ByteBuffer failure(Throwable cause) {
        return bytes(
                out -> {
                    if (cause instanceof NotController || cause instanceof PeerLink.Unreachable) {
                        out.writeByte(NOT_CONTROLLER);
                    } else {
                        out.writeByte(FAILED);
                        out.writeUTF(String.valueOf(cause.getMessage()));
                    }
                });
    }

    private static void requireOk(DataInputStream in) throws IOException {
        int status = in.readUnsignedByte();
        switch (status) {
            case OK -> {}
            case NOT_CONTROLLER -> throw new NotController();
            case FAILED -> throw new RemoteFailure(in.readUTF());
            default -> throw new IOException("unknown status " + status);
        }
    }

    private static void write(DataOutputStream out, StreamPosition position) throws IOException {
        out.writeInt(position.controllerEpoch());
        out.writeLong(position.sequence());
    }

    private static StreamPosition readPosition(DataInputStream in) throws IOException {
        return new StreamPosition(in.readInt(), in.readLong());
    }

    private static void write(DataOutputStream out, ApiMessage message, short version)
            throws IOException {
        ByteBuffer buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
        out.write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    }
}
