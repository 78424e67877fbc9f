package io.penstock.broker.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process that serves until it is told to stop. SIGTERM and SIGINT close the server in a bounded
 * time and end the process with status 0; what keeps it from starting is told in one line on the
 * standard error, with status 1.
 */
final class Foreground {

    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int STOPPED = 0;
    private static final int FAILED = 1;

    /** What runs. */
    interface Server extends AutoCloseable {

        /** Returns when the server ended by itself. */
        void awaitEnd() throws InterruptedException;

        @Override
        void close();
    }

    interface Start {
        Server start() throws Exception;
    }

    private final AtomicReference<Server> running = new AtomicReference<>();
    private volatile boolean failed;
    private volatile boolean stopping;

    private Foreground() {}

    /** Does not return before the process is about to end. */
    static void run(Start start) {
        new Foreground().serve(start);
    }

    private void serve(Start start) {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            Server server = start.start();
            running.set(server);
            server.awaitEnd();
            if (!stopping) {
                fail("the server ended by itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StartException e) {
            fail(e.getMessage());
        } catch (Exception | LinkageError e) {
            LOG.debug("The start failed", e);
            fail(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void fail(String message) {
        System.err.println("penstock: " + message.strip());
        failed = true;
        Runtime.getRuntime().exit(FAILED);
    }

    /** In the JVM's shutdown hook: halts, because the JVM's own status for SIGTERM is not 0. */
    private void stop() {
        stopping = true;
        Server server = running.get();
        if (server != null && !failed) {
            LOG.info("Stopping");
            close(server);
        }
        System.out.flush();
        Runtime.getRuntime().halt(failed ? FAILED : STOPPED);
    }

    private static void close(Server server) {
        CountDownLatch closed = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .name("stop-server")
                .start(
                        () -> {
                            try {
                                server.close();
                            } catch (RuntimeException e) {
                                LOG.error("The stop was not clean", e);
                            } finally {
                                closed.countDown();
                            }
                        });
        try {
            if (closed.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("Stopped");
            } else {
                LOG.warn(
                        "Not stopped within {} s: the process ends as it is",
                        STOP_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
