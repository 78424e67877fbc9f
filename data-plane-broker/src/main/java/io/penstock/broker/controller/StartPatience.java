package io.penstock.broker.controller;

import io.penstock.broker.zk.ZkException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tries the first steps of a start again when ZooKeeper is lost in the middle of them. They may be
 * repeated, for each leaves alone what is there already.
 */
final class StartPatience {

    private static final Logger LOG = LoggerFactory.getLogger(StartPatience.class);
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LAST_RETRY_MILLIS = 2_000;

    private StartPatience() {}

    /**
     * Blocks until the step is done.
     *
     * @param limit after which no other attempt begins
     * @throws ZkException of the last attempt
     */
    static <T> T insist(Duration limit, Supplier<T> step) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long retry = FIRST_RETRY_MILLIS; ; retry = Math.min(2 * retry, LAST_RETRY_MILLIS)) {
            try {
                return step.get();
            } catch (ZkException e) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (!e.isAmbiguous() || left < retry) {
                    throw e;
                }
                LOG.warn("ZooKeeper was lost during the start, trying again: {}", e.getMessage());
            }
            pause(retry);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ZkException("interrupted while waiting for ZooKeeper");
        }
    }
}
