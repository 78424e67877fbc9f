package io.penstock.broker.zk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class ReconnectionTest {

    @TempDir Path directory;
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();

    /** Or whoever waits for ZooKeeper finds out with the next look at the clock only. */
    @Test
    void listenersHearThatAServerIsReachedAgain() throws Exception {
        try (TestZooKeeper zooKeeper = TestZooKeeper.start(directory);
                ZkSession session = ZkSession.connect(zooKeeper.settings())) {
            session.addListener(
                    new ZooKeeperClient.Listener() {
                        @Override
                        public void onNewSession() {
                            news.add("new session");
                        }

                        @Override
                        public void onReconnected() {
                            news.add("reconnected");
                        }
                    });
            zooKeeper.stop();
            zooKeeper.startAgain();

            assertThat(news.poll(30, TimeUnit.SECONDS)).isEqualTo("reconnected");
        }
    }
}
