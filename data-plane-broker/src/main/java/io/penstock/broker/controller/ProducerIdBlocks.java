package io.penstock.broker.controller;

import io.penstock.broker.controller.ControllerChannel.ProducerIdBlock;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.Znode;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.KeeperException.Code;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes blocks of producer ids by compare-and-set. An ambiguous write loses a block, which harms
 * nobody: ids are never given twice.
 */
final class ProducerIdBlocks {

    private static final int VERSION = 1;
    private static final int BLOCK_SIZE = 1_000;
    private static final int MAX_ATTEMPTS = 50;

    private final ZooKeeperClient session;
    private final int brokerId;

    ProducerIdBlocks(ZooKeeperClient session, int brokerId) {
        this.session = session;
        this.brokerId = brokerId;
    }

    static byte[] initial() {
        return encode(-1, 0);
    }

    private static byte[] encode(int broker, long next) {
        return Json.bytes(Json.object(VERSION).put("broker", broker).put("next", next));
    }

    CompletableFuture<ProducerIdBlock> next() {
        return attempt(1);
    }

    private CompletableFuture<ProducerIdBlock> attempt(int number) {
        return session.read(ZkPaths.PRODUCER_ID_BLOCK)
                .thenCompose(
                        found -> {
                            Znode znode = found.orElseThrow();
                            long first =
                                    Json.parse(ZkPaths.PRODUCER_ID_BLOCK, znode.data(), VERSION)
                                            .path("next")
                                            .asLong();
                            return session.write(
                                            ZkPaths.PRODUCER_ID_BLOCK,
                                            encode(brokerId, first + BLOCK_SIZE),
                                            znode.version())
                                    .thenApply(stat -> new ProducerIdBlock(first, BLOCK_SIZE));
                        })
                .exceptionallyCompose(
                        failure -> {
                            Throwable cause =
                                    failure instanceof CompletionException
                                            ? failure.getCause()
                                            : failure;
                            boolean lostTheRace =
                                    cause instanceof ZkException zk && zk.code() == Code.BADVERSION;
                            return lostTheRace && number < MAX_ATTEMPTS
                                    ? attempt(number + 1)
                                    : CompletableFuture.failedFuture(cause);
                        });
    }
}
