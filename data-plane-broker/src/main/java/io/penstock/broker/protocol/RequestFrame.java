package io.penstock.broker.protocol;

import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestHeader;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A request whose header is read and whose body is not yet. */
public sealed interface RequestFrame {

    /** Keys from here on are the brokers' own requests to each other, never advertised. */
    short FIRST_INTERNAL_KEY = 20_000;

    short apiVersion();

    int correlationId();

    String clientId();

    /** The bytes after the header; a view that lives as long as the frame. */
    ByteBuffer body();

    /** A request of Kafka's protocol. */
    record Kafka(
            ApiKeys apiKey, short apiVersion, int correlationId, String clientId, ByteBuffer body)
            implements RequestFrame {

        /**
         * The body as its message class, whose records stay a view of the frame.
         *
         * @throws InvalidFrameException when the bytes are no such message
         */
        public ApiMessage message() throws InvalidFrameException {
            try {
                ApiMessage message = apiKey.messageType.newRequest();
                message.read(new ByteBufferAccessor(body), apiVersion);
                return message;
            } catch (RuntimeException e) {
                // The generated classes throw bare RuntimeExceptions for lengths out of range.
                throw new InvalidFrameException(
                        apiKey.name
                                + " version "
                                + apiVersion
                                + " cannot be read: "
                                + e.getMessage());
            }
        }
    }

    /** A request of one broker to another; its header is Kafka's version 1. */
    record Internal(
            short apiKey, short apiVersion, int correlationId, String clientId, ByteBuffer body)
            implements RequestFrame {}

    /**
     * Reads the header. The buffer is the frame without its length.
     *
     * @throws InvalidFrameException when it is no request header
     */
    static RequestFrame parse(ByteBuffer frame) throws InvalidFrameException {
        if (frame.remaining() < Short.BYTES * 2 + Integer.BYTES) {
            throw new InvalidFrameException(
                    "a frame of " + frame.remaining() + " bytes is too short for a header");
        }
        short key = frame.getShort(frame.position());
        try {
            return key >= FIRST_INTERNAL_KEY ? internal(frame) : kafka(frame);
        } catch (ApiException | IllegalArgumentException | BufferUnderflowException e) {
            throw new InvalidFrameException("no request header: " + e.getMessage());
        } catch (RuntimeException e) {
            throw new InvalidFrameException("no request header: " + e);
        }
    }

    private static RequestFrame kafka(ByteBuffer frame) {
        RequestHeader header = RequestHeader.parse(frame);
        return new Kafka(
                header.apiKey(),
                header.apiVersion(),
                header.correlationId(),
                header.clientId(),
                frame.slice());
    }

    private static RequestFrame internal(ByteBuffer frame) throws InvalidFrameException {
        short key = frame.getShort();
        short version = frame.getShort();
        int correlationId = frame.getInt();
        short length = frame.getShort();
        if (length > frame.remaining()) {
            throw new InvalidFrameException("client id of " + length + " bytes is cut off");
        }
        String clientId = "";
        if (length > 0) {
            try {
                clientId =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(frame.slice(frame.position(), length))
                                .toString();
            } catch (CharacterCodingException e) {
                throw new InvalidFrameException("client id is no UTF-8");
            }
            frame.position(frame.position() + length);
        }
        return new Internal(key, version, correlationId, clientId, frame.slice());
    }
}
