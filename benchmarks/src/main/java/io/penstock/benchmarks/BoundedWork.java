package io.penstock.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does something that may hang, and ends it with everything it started when its time is over, so
 * that a race runs unattended.
 */
final class BoundedWork {

    private BoundedWork() {}

    static <T> T within(Duration limit, Callable<T> work) throws Exception {
        ExecutorService executor =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        Future<T> result = executor.submit(work);
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            result.cancel(true);
            endEverything();
            throw new TimeoutException("not done within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            executor.shutdownNow();
        }
    }

    /** All processes that this one started, and those that they did. */
    static void endEverything() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
