package io.penstock.broker.network;

import io.netty.channel.ChannelHandlerContext;
import io.penstock.broker.protocol.RecordsSource;
import io.penstock.broker.protocol.RequestFrame;
import io.penstock.broker.protocol.ResponseEncoder;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The unanswered requests of one connection in the order in which they came. A response that is
 * ready waits until all before it have left; but a broker's own requests are answered as they come,
 * so that none waits behind another's long poll. Used on the connection's event loop; only stages
 * may complete elsewhere.
 */
final class ResponseQueue {

    /** Requests that are unanswered, or whose answers the socket has not taken yet. */
    private static final int MOST_IN_FLIGHT = 128;

    private final ChannelHandlerContext context;
    private final NetworkServer.Services services;
    private final boolean plainText;
    private final Consumer<String> onFailure;
    private final Runnable onProgress;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private final Set<Slot> unordered = new HashSet<>();
    private int unsent;
    private boolean unflushed;
    private boolean flushingSoon;
    private boolean batching;
    private boolean abandoned;
    private boolean closing;

    ResponseQueue(
            ChannelHandlerContext context,
            NetworkServer.Services services,
            boolean plainText,
            Consumer<String> onFailure,
            Runnable onProgress) {
        this.context = context;
        this.services = services;
        this.plainText = plainText;
        this.onFailure = onFailure;
        this.onProgress = onProgress;
    }

    boolean hasRoom() {
        return slots.size() + unordered.size() + unsent < MOST_IN_FLIGHT;
    }

    boolean isIdle() {
        return slots.isEmpty() && unordered.isEmpty() && unsent == 0;
    }

    Slot open(RequestFrame.Kafka request, int requestBytes) {
        Slot slot =
                new Slot(
                        request.apiKey(),
                        request.apiVersion(),
                        request.correlationId(),
                        requestBytes);
        slots.add(slot);
        return slot;
    }

    Slot openInternal(RequestFrame.Internal request) {
        Slot slot = new Slot(null, request.apiVersion(), request.correlationId(), 0);
        unordered.add(slot);
        return slot;
    }

    /** Until the end of the batch, ready responses are written but not flushed. */
    void beginBatch() {
        batching = true;
    }

    void endBatch() {
        batching = false;
        flush();
    }

    private void flush() {
        if (unflushed) {
            unflushed = false;
            context.flush();
        }
    }

    /**
     * One acknowledgement by the followers makes many responses ready, each in a task of its own:
     * what the loop has to do already is done before they leave together.
     */
    private void flushSoon() {
        if (!flushingSoon) {
            flushingSoon = true;
            context.executor()
                    .execute(
                            () -> {
                                flushingSoon = false;
                                flush();
                            });
        }
    }

    void closeWhenIdle() {
        closing = true;
        if (isIdle()) {
            context.close();
        }
    }

    /** Gives back what unsent responses hold, now and when they come later. */
    void abandon() {
        abandoned = true;
        for (Slot slot : List.copyOf(slots)) {
            slot.abandon();
        }
        slots.clear();
        unordered.clear();
    }

    private void sendUnordered(Slot slot) {
        unordered.remove(slot);
        slot.send();
        afterSending();
    }

    private void sendWhatIsReady() {
        boolean sent = false;
        while (!slots.isEmpty() && slots.peek().ready && !abandoned) {
            slots.poll().send();
            sent = true;
        }
        if (sent) {
            afterSending();
        }
    }

    private void afterSending() {
        if (!batching) {
            flushSoon();
        }
        afterProgress();
    }

    private void afterProgress() {
        if (closing && isIdle()) {
            context.close();
        } else if (!abandoned) {
            onProgress.run();
        }
    }

    private void write(ResponseEncoder.Frame frame) {
        unsent++;
        unflushed = true;
        List<Object> parts = frame.parts();
        for (int i = 0; i < parts.size(); i++) {
            boolean last = i == parts.size() - 1;
            context.write(outbound(parts.get(i)))
                    .addListener(written -> onWritten(written.isSuccess(), last));
        }
    }

    private Object outbound(Object part) {
        if (part instanceof RecordsSource source) {
            return plainText ? new RecordsRegion(source) : new RecordsChunks(source);
        }
        return part;
    }

    private void onWritten(boolean success, boolean last) {
        if (!success) {
            // Half a frame cannot be taken back.
            context.close();
        }
        if (last) {
            unsent--;
            afterProgress();
        }
    }

    /** The place of one request's response. */
    final class Slot {

        /** Null for an internal request. */
        private final ApiKeys api;

        private final short version;
        private final int correlationId;
        private final int requestBytes;
        private final long startedNanos = services.clock().monotonicNanos();

        private boolean ready;
        private CompletionStage<?> awaited;
        private ApiMessage response;
        private ByteBuffer internalResponse;

        private Slot(ApiKeys api, short version, int correlationId, int requestBytes) {
            this.api = api;
            this.version = version;
            this.correlationId = correlationId;
            this.requestBytes = requestBytes;
        }

        /** On the event loop. */
        void answer(ApiMessage message) {
            response = message;
            becomeReady();
        }

        void answerWith(CompletionStage<? extends ApiMessage> stage) {
            awaited = stage;
            stage.whenComplete(
                    (message, failure) -> {
                        if (failure != null) {
                            onLoop(() -> fail(failure), () -> {});
                        } else {
                            onLoop(
                                    () -> answer(message),
                                    () -> {
                                        if (message != null) {
                                            ResponseEncoder.discard(message);
                                        }
                                    });
                        }
                    });
        }

        void answerInternalWith(CompletionStage<ByteBuffer> stage) {
            stage.whenComplete(
                    (bytes, failure) ->
                            onLoop(
                                    () -> {
                                        if (failure != null) {
                                            fail(failure);
                                        } else {
                                            internalResponse = bytes;
                                            becomeReady();
                                        }
                                    },
                                    () -> {}));
        }

        private void onLoop(Runnable action, Runnable whenStopped) {
            if (context.executor().inEventLoop()) {
                action.run();
                return;
            }
            try {
                context.executor().execute(action);
            } catch (RejectedExecutionException e) {
                whenStopped.run();
            }
        }

        private void fail(Throwable failure) {
            onFailure.accept(
                    (api == null ? "an internal request" : api.name) + " failed: " + failure);
        }

        private void becomeReady() {
            ready = true;
            if (abandoned) {
                discard();
            } else if (api == null) {
                sendUnordered(this);
            } else {
                sendWhatIsReady();
            }
        }

        /** Nobody is left to answer: what is ready is given back, what waits need not. */
        private void abandon() {
            discard();
            if (awaited != null) {
                awaited.toCompletableFuture().cancel(false);
            }
        }

        private void discard() {
            if (response != null) {
                ResponseEncoder.discard(response);
                response = null;
            }
        }

        private void send() {
            if (api != null && response == null) {
                completed(0);
                return;
            }
            ResponseEncoder.Frame frame;
            try {
                frame =
                        api == null
                                ? ResponseEncoder.encodeInternal(
                                        context.alloc(), correlationId, internalResponse)
                                : ResponseEncoder.encode(
                                        context.alloc(), api, version, correlationId, response);
            } catch (RuntimeException e) {
                fail(e);
                return;
            } finally {
                response = null;
            }
            write(frame);
            completed(frame.size());
        }

        private void completed(long responseBytes) {
            if (api != null) {
                services.observer()
                        .requestCompleted(
                                api,
                                requestBytes,
                                responseBytes,
                                services.clock().monotonicNanos() - startedNanos);
            }
        }
    }
}
