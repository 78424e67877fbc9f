package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.controller.ControllerChannel.ProducerIdBlock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Hands out producer ids of blocks that belong to this broker alone. Who asks while a block is on
 * its way waits for it; at most one is asked for at a time. Any thread may call.
 */
final class ProducerIds {

    private final ControllerChannel controller;
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean asking;

    ProducerIds(ControllerChannel controller) {
        this.controller = controller;
    }

    CompletableFuture<Long> next() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        synchronized (this) {
            if (next < end) {
                id.complete(next++);
                return id;
            }
            waiting.add(id);
            if (asking) {
                return id;
            }
            asking = true;
        }
        ask();
        return id;
    }

    private void ask() {
        controller
                .nextProducerIdBlock()
                .whenComplete(
                        (block, failure) -> {
                            if (failure != null) {
                                fail(failure);
                            } else {
                                take(block);
                            }
                        });
    }

    private void take(ProducerIdBlock block) {
        List<Runnable> answers = new ArrayList<>();
        boolean askAgain;
        synchronized (this) {
            next = block.first();
            end = block.first() + block.size();
            while (next < end && !waiting.isEmpty()) {
                CompletableFuture<Long> first = waiting.poll();
                long id = next++;
                answers.add(() -> first.complete(id));
            }
            askAgain = !waiting.isEmpty();
            asking = askAgain;
        }
        answers.forEach(Runnable::run);
        if (askAgain) {
            ask();
        }
    }

    private void fail(Throwable failure) {
        List<CompletableFuture<Long>> failed;
        synchronized (this) {
            failed = List.copyOf(waiting);
            waiting.clear();
            asking = false;
        }
        failed.forEach(id -> id.completeExceptionally(failure));
    }
}
