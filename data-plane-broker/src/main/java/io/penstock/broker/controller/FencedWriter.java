package io.penstock.broker.controller;

import io.penstock.broker.controller.ZnodeChanges.SizedOp;
import io.penstock.broker.zk.ZkException;
import io.penstock.broker.zk.ZkPaths;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes as the controller of one epoch. Every write checks the version of {@code
 * /controller_epoch}, so that none succeeds after another controller was elected (KAFKA-6082).
 */
final class FencedWriter {

    /** Well below the 1 MiB that a ZooKeeper server takes in one request by default. */
    private static final int MAX_MULTI_BYTES = 512 * 1024;

    private static final long WRITE_TIMEOUT_MILLIS = 30_000;

    private final ZooKeeperClient session;
    private final int epochVersion;

    FencedWriter(ZooKeeperClient session, int epochVersion) {
        this.session = session;
        this.epochVersion = epochVersion;
    }

    /**
     * Blocks until all is written.
     *
     * @throws NotController when another controller was elected and nothing is written
     * @throws ZkException when any prefix of the multis may be written
     */
    void write(List<SizedOp> operations) {
        List<Op> multi = new ArrayList<>();
        int bytes = 0;
        boolean begun = false;
        for (SizedOp each : operations) {
            if (!multi.isEmpty() && bytes + each.bytes() > MAX_MULTI_BYTES) {
                commit(multi, begun);
                begun = true;
                multi = new ArrayList<>();
                bytes = 0;
            }
            multi.add(each.operation());
            bytes += each.bytes();
        }
        if (!multi.isEmpty()) {
            commit(multi, begun);
        }
    }

    private void commit(List<Op> operations, boolean begun) {
        List<Op> fenced = new ArrayList<>(operations.size() + 1);
        fenced.add(Op.check(ZkPaths.CONTROLLER_EPOCH, epochVersion));
        fenced.addAll(operations);
        try {
            await(session.multi(fenced), WRITE_TIMEOUT_MILLIS);
        } catch (ZkException e) {
            // The check is the only operation that names a version.
            if (e.code() == Code.BADVERSION && !begun) {
                throw new NotController();
            }
            throw e;
        }
    }

    /** The result, or the failure of the operation. */
    static <T> T await(CompletableFuture<T> future, long timeoutMillis) {
        try {
            return future.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZkException("interrupted while waiting for ZooKeeper");
        } catch (TimeoutException e) {
            throw new ZkException("no answer from ZooKeeper within " + timeoutMillis + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
