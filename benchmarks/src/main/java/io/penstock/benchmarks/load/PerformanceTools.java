package io.penstock.benchmarks.load;

import io.penstock.benchmarks.Commands;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Kafka's own performance tools, against any broker that speaks its protocol. */
public final class PerformanceTools {

    private static final String PRODUCER = "org.apache.kafka.tools.ProducerPerformance";
    private static final String CONSUMER = "org.apache.kafka.tools.ConsumerPerformance";
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(20);

    private final Path clientFile;
    private final String servers;
    private final Duration limit;

    public PerformanceTools(Path clientFile, String servers, Duration limit) {
        this.clientFile = clientFile;
        this.servers = servers;
        this.limit = limit;
    }

    /** Runs the load's producers side by side to their end. */
    public ProducerReport produce(String topic, Load load)
            throws IOException, InterruptedException {
        List<String> command = ClientJvm.command(PRODUCER, producerArguments(topic, load));
        List<Process> processes = new ArrayList<>();
        try (ExecutorService readers = Executors.newFixedThreadPool(load.producers())) {
            List<Future<String>> outputs = new ArrayList<>();
            for (int i = 0; i < load.producers(); i++) {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
                processes.add(process);
                outputs.add(readers.submit(() -> Commands.output(process, command, limit)));
            }
            List<ProducerReport> reports = new ArrayList<>();
            for (Future<String> output : outputs) {
                reports.add(ProducerReport.parse(output.get()));
            }
            return ProducerReport.together(reports);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private List<String> producerArguments(String topic, Load load) {
        int records = load.records() / load.producers();
        int rate =
                load.recordsPerSecond() == Load.UNLIMITED
                        ? Load.UNLIMITED
                        : load.recordsPerSecond() / load.producers();
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--bootstrap-server",
                                servers,
                                "--command-config",
                                clientFile.toString(),
                                "--topic",
                                topic,
                                "--num-records",
                                "" + records,
                                "--warmup-records",
                                "" + records / 10,
                                "--record-size",
                                "" + load.recordBytes(),
                                "--throughput",
                                "" + rate,
                                "--command-property"));
        load.client().forEach((name, value) -> arguments.add(name + "=" + value));
        return arguments;
    }

    /** Reads so many records from the beginning; megabytes a second while fetching. */
    public double consume(String topic, long records) throws IOException, InterruptedException {
        List<String> command =
                ClientJvm.command(
                        CONSUMER,
                        List.of(
                                "--bootstrap-server",
                                servers,
                                "--command-config",
                                clientFile.toString(),
                                "--topic",
                                topic,
                                "--num-records",
                                "" + records,
                                "--timeout",
                                "" + IDLE_LIMIT.toMillis(),
                                "--hide-header"));
        return ConsumerReport.parse(Commands.run(command, Map.of(), limit)).megabytesPerSecond();
    }
}
