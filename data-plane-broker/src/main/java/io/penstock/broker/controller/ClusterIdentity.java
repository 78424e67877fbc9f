package io.penstock.broker.controller;

import static io.penstock.broker.controller.FencedWriter.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.kafka.common.Uuid;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What must lie in ZooKeeper before a broker can join: made by whichever comes first. */
final class ClusterIdentity {

    private static final int VERSION = 1;
    private static final long TIMEOUT_MILLIS = 30_000;

    private ClusterIdentity() {}

    /** Makes what is missing, and answers the cluster's id. */
    static String ensure(ZooKeeperClient session) {
        List<CompletableFuture<Void>> roots = new ArrayList<>();
        ZkPaths.ROOTS.forEach(path -> roots.add(session.ensure(path, new byte[0])));
        for (int shard = 0; shard < ZkPaths.ACL_SHARDS; shard++) {
            roots.add(session.ensure(ZkPaths.aclShard(shard), AclJson.encode(List.of())));
        }
        roots.add(
                session.ensure(ZkPaths.KNOWN_BROKERS, KnownBrokersJson.encode(ClusterImage.EMPTY)));
        roots.add(session.ensure(ZkPaths.CONTROLLER_EPOCH, "0".getBytes(UTF_8)));
        roots.add(session.ensure(ZkPaths.PRODUCER_ID_BLOCK, ProducerIdBlocks.initial()));
        roots.add(
                session.ensure(
                        ZkPaths.CLUSTER,
                        Json.bytes(Json.object(VERSION).put("id", Uuid.randomUuid().toString()))));
        roots.forEach(root -> await(root, TIMEOUT_MILLIS));
        return read(session);
    }

    static String read(ZooKeeperClient session) {
        byte[] data = await(session.read(ZkPaths.CLUSTER), TIMEOUT_MILLIS).orElseThrow().data();
        return Json.parse(ZkPaths.CLUSTER, data, VERSION).path("id").asText();
    }
}
