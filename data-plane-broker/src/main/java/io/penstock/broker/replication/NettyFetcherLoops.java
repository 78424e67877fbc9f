package io.penstock.broker.replication;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.network.EventLoopScheduler;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.network.PeerConnection;
import io.penstock.broker.network.PeerConnection.HostAddress;
import io.penstock.broker.protocol.InvalidFrameException;
import io.penstock.broker.protocol.PeerRequests;
import io.penstock.broker.replication.LeaderConnection.Answer;
import io.penstock.broker.replication.LeaderConnection.EndedByPeer;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Fetchers on the broker's event loops: what a leader sends is appended on the loop that received
 * it, straight from its frame.
 */
public final class NettyFetcherLoops implements FetcherLoop.Factory {

    private static final short VERSION = 17;

    private final EventLoops loops;
    private final Optional<SslContext> tls;
    private final int self;

    /**
     * @param tls key and trust for the inter-broker listener, when it is one with TLS
     */
    public NettyFetcherLoops(EventLoops loops, Optional<SslContext> tls, int self) {
        this.loops = loops;
        this.tls = tls;
        this.self = self;
    }

    @Override
    public FetcherLoop create(String name) {
        EventLoop loop = loops.group().next();
        Scheduler scheduler = new EventLoopScheduler(loop);
        String clientId = "broker-" + self + "-" + name;
        return new FetcherLoop() {
            @Override
            public Scheduler scheduler() {
                return scheduler;
            }

            @Override
            public LeaderConnection connect(Endpoint leader, EndedByPeer ended) {
                return new Connection(loop, leader, clientId, ended);
            }
        };
    }

    private final class Connection implements LeaderConnection, PeerConnection.Listener {

        private final EventLoop loop;
        private final String clientId;
        private final EndedByPeer ended;
        private final PeerConnection connection;
        private final Deque<Answer> answers = new ArrayDeque<>();
        private int sent;
        private int received;
        private Throwable failure;

        Connection(EventLoop loop, Endpoint leader, String clientId, EndedByPeer ended) {
            this.loop = loop;
            this.clientId = clientId;
            this.ended = ended;
            this.connection =
                    PeerConnection.open(
                            loop,
                            loops.transport().clientChannel(),
                            new HostAddress(leader.host(), leader.port()),
                            tls,
                            this);
        }

        @Override
        public void fetch(FetchRequestData request, Answer answer) {
            if (failure != null) {
                loop.execute(() -> answer.failed(failure));
                return;
            }
            answers.add(answer);
            connection.send(
                    PeerRequests.encode(
                            connection.allocator(),
                            ApiKeys.FETCH,
                            VERSION,
                            sent++,
                            clientId,
                            request));
        }

        @Override
        public void received(ByteBuf frame) {
            ByteBuffer bytes = frame.nioBuffer();
            try {
                if (PeerRequests.correlationId(bytes) != received || answers.isEmpty()) {
                    throw new InvalidFrameException("an answer out of order");
                }
                received++;
                FetchResponseData response =
                        (FetchResponseData) PeerRequests.decode(bytes, ApiKeys.FETCH, VERSION);
                answers.poll().fetched(response);
            } catch (InvalidFrameException invalid) {
                connection.close();
                fail(invalid);
            }
        }

        @Override
        public void broken(Throwable cause, boolean byPeer) {
            fail(cause);
            if (byPeer) {
                ended.ended();
            }
        }

        @Override
        public void close() {
            connection.close();
            fail(new IOException("closed here"));
        }

        private void fail(Throwable cause) {
            failure = cause;
            List<Answer> open = List.copyOf(answers);
            answers.clear();
            open.forEach(answer -> answer.failed(cause));
        }
    }
}
