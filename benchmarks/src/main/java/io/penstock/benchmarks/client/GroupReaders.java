package io.penstock.benchmarks.client;

import io.penstock.benchmarks.load.ClientArguments;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Groups that read along with a topic's end, and one reader that catches up with another topic from
 * its beginning. Says {@code reading} when all groups have their partitions, and ends when its
 * input does.
 */
public final class GroupReaders {

    private static final Duration POLL = Duration.ofMillis(200);

    private GroupReaders() {}

    public static void main(String[] values) throws Exception {
        ClientArguments arguments = ClientArguments.parse(values);
        int groups = arguments.number("groups");
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong tailed = new AtomicLong();
        AtomicLong caughtUp = new AtomicLong();
        CountDownLatch assigned = new CountDownLatch(groups);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            String group = "race-group-" + i;
            readers.add(
                    Thread.ofPlatform()
                            .name(group)
                            .start(() -> tail(arguments, group, assigned, ended, tailed)));
        }
        assigned.await();
        readers.add(
                Thread.ofPlatform().name("cold").start(() -> catchUp(arguments, ended, caughtUp)));
        System.out.println("reading");
        while (System.in.read() >= 0) {
            // The race closes the stream when it has measured.
        }
        ended.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        Clients.print(Map.of("tailed", tailed.get(), "caught_up", caughtUp.get()));
    }

    private static void tail(
            ClientArguments arguments,
            String group,
            CountDownLatch assigned,
            AtomicBoolean ended,
            AtomicLong read) {
        Map<String, String> settings = Map.of("group.id", group, "auto.offset.reset", "latest");
        boolean waiting = true;
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(arguments, settings)) {
            consumer.subscribe(List.of(arguments.text(ClientArguments.TOPIC)));
            while (!ended.get()) {
                read.addAndGet(consumer.poll(POLL).count());
                if (waiting && !consumer.assignment().isEmpty()) {
                    waiting = false;
                    assigned.countDown();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void catchUp(ClientArguments arguments, AtomicBoolean ended, AtomicLong read) {
        String topic = arguments.text("cold-topic");
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(arguments, Map.of("enable.auto.commit", "false"))) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!ended.get()) {
                read.addAndGet(consumer.poll(POLL).count());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
