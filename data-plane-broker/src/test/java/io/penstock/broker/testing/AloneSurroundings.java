package io.penstock.broker.testing;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.controller.Lease;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.replication.FetcherLoop;
import io.penstock.broker.replication.LeaderConnection;
import io.penstock.broker.replication.PeerEnds;
import io.penstock.broker.replication.ReplicationSettings;
import io.penstock.broker.replication.ReplicationSurroundings;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.time.SchedulerThread;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CompletableFuture;

/** The world of a broker that reaches no other and no controller. */
public final class AloneSurroundings {

    private AloneSurroundings() {}

    public static ReplicationSurroundings of(int self, MetadataCache metadata) {
        return of(self, metadata, Lease.ALWAYS);
    }

    public static ReplicationSurroundings of(int self, MetadataCache metadata, Lease lease) {
        return new ReplicationSurroundings(
                self,
                () -> 1,
                ReplicationSettings.DEFAULTS,
                metadata,
                new NoController(),
                lease,
                "PLAINTEXT",
                Nowhere::new,
                PeerEnds.IGNORED,
                SchedulerThread::new,
                Clock.SYSTEM);
    }

    private static final class NoController implements ControllerChannel {

        @Override
        public CompletableFuture<ApiMessage> submit(
                ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }
    }

    /** Leaders here never answer. */
    private record Nowhere(Scheduler scheduler) implements FetcherLoop {

        Nowhere(String name) {
            this(new SchedulerThread(name));
        }

        @Override
        public LeaderConnection connect(Endpoint leader, LeaderConnection.EndedByPeer ended) {
            return new LeaderConnection() {
                @Override
                public void fetch(FetchRequestData request, Answer answer) {}

                @Override
                public void close() {}
            };
        }
    }
}
