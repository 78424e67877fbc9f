package io.penstock.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.protocol.RequestFrame;
import io.penstock.broker.protocol.SupportedApis;
import io.penstock.broker.security.Authenticators;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Connections between brokers: in which order they answer, and who is said to have ended one. */
@Timeout(60)
class InternalConnectionTest {

    private static final short ANSWERED_AT_ONCE = RequestFrame.FIRST_INTERNAL_KEY;
    private static final short ANSWERED_LATER = RequestFrame.FIRST_INTERNAL_KEY + 1;

    @TempDir Path folder;
    private final CompletableFuture<ByteBuffer> later = new CompletableFuture<>();
    private final BlockingQueue<Boolean> endedByPeer = new LinkedBlockingQueue<>();
    private final ImageCache metadata = new ImageCache();
    private EventLoops loops;
    private NetworkServer server;

    @BeforeEach
    void start() throws IOException {
        Properties properties = new Properties();
        properties.put("broker.id", "0");
        properties.put("listeners", "INTERNAL://127.0.0.1:0");
        properties.put("listener.security.protocol.map", "INTERNAL:PLAINTEXT");
        properties.put("inter.broker.listener.name", "INTERNAL");
        properties.put("log.dirs", folder.toString());
        properties.put("zookeeper.connect", "127.0.0.1:1");
        loops = EventLoops.start(1);
        server =
                NetworkServer.bind(
                        BrokerConfig.from(properties),
                        loops,
                        new NetworkServer.Services(
                                new NoDispatcher(),
                                new Echo(),
                                new Authenticators(metadata, Clock.SYSTEM),
                                NetworkObserver.NONE,
                                Clock.SYSTEM));
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
        metadata.close();
    }

    @Test
    void noRequestWaitsBehindAnother() throws Exception {
        try (Socket socket = connect()) {
            ask(socket, ANSWERED_LATER, 1);
            ask(socket, ANSWERED_AT_ONCE, 2);
            assertThat(nextAnswer(socket)).isEqualTo(2);

            later.complete(ByteBuffer.allocate(0));
            assertThat(nextAnswer(socket)).isEqualTo(1);
        }
    }

    @Test
    void aClosedConnectionWasEndedByThePeer() throws Exception {
        try (Socket socket = talking()) {
            assertThat(socket.isConnected()).isTrue();
        }

        assertThat(endedByPeer.poll(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aResetConnectionWasEndedByThePeer() throws Exception {
        try (Socket socket = talking()) {
            socket.setSoLinger(true, 0);
        }

        assertThat(endedByPeer.poll(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatTheBrokerRefusedToKeepWasNot() throws Exception {
        try (Socket socket = talking()) {
            new DataOutputStream(socket.getOutputStream()).writeInt(-1);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);

            assertThat(endedByPeer.poll(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void aConnectionThatAStoppingBrokerClosesWasNot() throws Exception {
        try (Socket socket = talking()) {
            server.close();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);

            assertThat(endedByPeer.poll(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void whoSaidNothingInternalIsNobodysConcern() throws Exception {
        try (Socket silent = connect()) {
            assertThat(silent.isConnected()).isTrue();
        }
        try (Socket socket = talking()) {
            assertThat(socket.isConnected()).isTrue();
        }

        assertThat(endedByPeer.poll(10, TimeUnit.SECONDS)).isTrue();
        server.close();
        assertThat(endedByPeer).isEmpty();
    }

    private Socket connect() throws IOException {
        var address = server.address("INTERNAL");
        return new Socket(address.getAddress(), address.getPort());
    }

    /** A connection on which an internal request was answered. */
    private Socket talking() throws IOException {
        Socket socket = connect();
        ask(socket, ANSWERED_AT_ONCE, 42);
        assertThat(nextAnswer(socket)).isEqualTo(42);
        return socket;
    }

    private static void ask(Socket socket, short apiKey, int correlationId) throws IOException {
        ByteBuffer request =
                ByteBuffer.allocate(4 + 2 + 2 + 4 + 2)
                        .putInt(2 + 2 + 4 + 2)
                        .putShort(apiKey)
                        .putShort((short) 0)
                        .putInt(correlationId)
                        .putShort((short) -1);
        socket.getOutputStream().write(request.array());
    }

    /** The correlation id of an empty answer. */
    private static int nextAnswer(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readInt()).as("bytes of the answer").isEqualTo(4);
        return in.readInt();
    }

    private final class Echo implements InternalRequests {
        @Override
        public CompletionStage<ByteBuffer> handle(
                Caller caller, short apiKey, short version, ByteBuffer body) {
            return apiKey == ANSWERED_LATER
                    ? later
                    : CompletableFuture.completedFuture(ByteBuffer.allocate(0));
        }

        @Override
        public void connectionEnded(String connectionId, boolean byPeer) {
            endedByPeer.add(byPeer);
        }
    }

    private static final class NoDispatcher implements Dispatcher {
        @Override
        public SupportedApis supportedApis() {
            return new SupportedApis(Set.of());
        }

        @Override
        public CompletionStage<? extends ApiMessage> dispatch(
                RequestContext context, ApiMessage request) {
            return CompletableFuture.failedFuture(new IllegalStateException("nothing is served"));
        }
    }
}
