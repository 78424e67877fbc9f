package io.penstock.broker.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.testing.LeakRecorder;
import io.penstock.broker.testing.TestBroker;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/** Bytes that no client would send, and requests that do not wait for each other. */
class HostileFramesTest {

    private static final short API_VERSIONS = 18;
    private static final short METADATA = 3;
    private static final short FETCH = 1;

    @TempDir private Path folder;
    private TestBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = new TestBroker(folder).withTopic("orders", 1, Map.of()).start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void framesOfImpossibleSizeEndTheConnection() throws Exception {
        for (int size : new int[] {-1, Integer.MIN_VALUE, 0, Integer.MAX_VALUE}) {
            try (Socket socket = connect()) {
                new DataOutputStream(socket.getOutputStream()).writeInt(size);
                assertThat(socket.getInputStream().read()).as("size %d", size).isEqualTo(-1);
            }
        }
        assertStillServes();
    }

    @Test
    void anArrayLongerThanItsFrameEndsTheConnection() throws Exception {
        try (Socket socket = connect()) {
            ByteBuffer body = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip();
            send(socket, METADATA, (short) 1, 7, body);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertStillServes();
    }

    @Test
    void randomBytesHarmNobody() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            try (Socket socket = connect()) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                if (random.nextBoolean()) {
                    // Half of them get as far as the body of a request that exists.
                    out.writeInt(bytes.length + 10);
                    out.writeShort(random.nextInt(4));
                    out.writeShort(random.nextInt(14));
                    out.writeInt(i);
                    out.writeShort(-1);
                }
                out.write(bytes);
            } catch (IOException closedEarly) {
                // The broker may well have closed before everything was written.
                continue;
            }
        }
        assertStillServes();
        Awaitility.await("seed " + seed)
                .atMost(Duration.ofSeconds(10))
                .until(() -> broker.connectionCount() == 0);
        System.gc();
        assertStillServes();
        assertThat(LeakRecorder.leaks()).as("seed %d", seed).isEmpty();
    }

    @Test
    void whoDoesNotAuthenticateInTimeLosesTheConnection() throws Exception {
        try (TestBroker sasl =
                        new TestBroker(folder.resolve("sasl"))
                                .with("listeners", "SASL_PLAINTEXT://127.0.0.1:0")
                                .with("inter.broker.listener.name", "SASL_PLAINTEXT")
                                .with("sasl.enabled.mechanisms", "SCRAM-SHA-512")
                                .with("penstock.authentication.timeout.ms", "200")
                                .start();
                Socket silent = connect(sasl, "SASL_PLAINTEXT")) {
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void anUnknownVersionOfApiVersionsIsAnsweredInTheFirstLayout() throws Exception {
        try (Socket socket = connect()) {
            // One zero byte: the header of flexible versions ends with its tagged fields.
            send(socket, API_VERSIONS, (short) 99, 5, ByteBuffer.allocate(1));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            assertThat(in.readInt()).isEqualTo(5);
            assertThat(in.readShort()).as("UNSUPPORTED_VERSION").isEqualTo((short) 35);
            assertThat(in.readInt()).isEqualTo(1);
            assertThat(in.readShort()).isEqualTo(API_VERSIONS);
        }
    }

    @Test
    void responsesLeaveInTheOrderOfTheirRequests() throws Exception {
        try (Socket socket = connect()) {
            send(socket, FETCH, (short) 4, 1, fetchThatWaits(300));
            send(socket, API_VERSIONS, (short) 0, 2, ByteBuffer.allocate(0));
            send(socket, API_VERSIONS, (short) 0, 3, ByteBuffer.allocate(0));

            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int expected = 1; expected <= 3; expected++) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(expected);
            }
        }
    }

    private static ByteBuffer fetchThatWaits(int millis) {
        byte[] topic = "orders".getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(100);
        body.putInt(-1).putInt(millis).putInt(1).putInt(1024).put((byte) 0);
        body.putInt(1).putShort((short) topic.length).put(topic);
        body.putInt(1).putInt(0).putLong(0).putInt(1024);
        return body.flip();
    }

    private void assertStillServes() throws IOException {
        try (Socket socket = connect()) {
            send(socket, API_VERSIONS, (short) 0, 42, ByteBuffer.allocate(0));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            assertThat(in.readInt()).isEqualTo(42);
            assertThat(in.readShort()).isZero();
        }
    }

    private static void send(
            Socket socket, short api, short version, int correlation, ByteBuffer body)
            throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(10 + body.remaining());
        out.writeShort(api);
        out.writeShort(version);
        out.writeInt(correlation);
        out.writeShort(-1);
        out.write(body.array(), 0, body.remaining());
        out.flush();
    }

    private Socket connect() throws IOException {
        return connect(broker, "PLAINTEXT");
    }

    private static Socket connect(TestBroker broker, String listener) throws IOException {
        Socket socket =
                new Socket(
                        broker.address(listener).getAddress(), broker.address(listener).getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }
}
