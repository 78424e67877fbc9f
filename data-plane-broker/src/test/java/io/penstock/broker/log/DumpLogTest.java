package io.penstock.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kafka's own tool reads what we write: segments, indexes, transactions, producer snapshots. */
class DumpLogTest {

    private static final Path TOOL = Path.of("target/kafka-dump-log");

    @TempDir private Path home;

    @Test
    void kafkasToolReadsEveryFileWithoutComplaint() throws Exception {
        Path directory = Files.createDirectories(home.resolve("orders-0"));
        int batches = write(directory);

        String dumped = dump(directory);
        String checked = dump(directory, "--index-sanity-check");

        assertThat(dumped)
                .doesNotContain("Mismatches", "Non-consecutive", "not valid", "Exception", "Found");
        assertThat(dumped.lines().filter(line -> line.startsWith("baseOffset"))).hasSize(batches);
        assertThat(dumped)
                .contains(
                        "isControl: true",
                        "producerId: 7",
                        "compresscodec: zstd",
                        ".txnindex",
                        ".snapshot",
                        ".timeindex");
        assertThat(checked.lines().filter(line -> line.endsWith("passed sanity check.")))
                .hasSize(2 * LogFiles.offsetsOf(directory, LogFiles.LOG).size());
    }

    private int write(Path directory) throws IOException {
        TestLog test =
                new TestLog(
                        directory,
                        TestLog.settings(
                                3000,
                                Map.of(
                                        "index.interval.bytes",
                                        "200",
                                        "cleanup.policy",
                                        "compact")));
        PartitionLog log = test.open(true);
        int batches = 0;
        for (int i = 0; i < 60; i++) {
            test.clock.advance(3);
            long now = test.clock.wallMillis();
            test.append(log, "value-" + i);
            TestLog.append(log, Batches.transactional(7, 0, i, Batches.records(now, "t" + i)));
            TestLog.append(
                    log,
                    Batches.of(
                            org.apache.kafka.common.compress.Compression.zstd().build(),
                            Batches.records(now, "a", "b")));
            batches += 3;
            if (i % 10 == 0) {
                log.append(Batches.marker(7, 0, i % 20 == 0, 1, now), AppendOrigin.COORDINATOR, 3);
                batches++;
            }
        }
        log.close();
        return batches;
    }

    private String dump(Path directory, String... options) throws Exception {
        String classPath;
        try (Stream<Path> jars = Files.list(TOOL)) {
            classPath = jars.map(Path::toString).collect(Collectors.joining(":"));
        }
        String files;
        try (Stream<Path> all = Files.list(directory)) {
            files =
                    all.map(Path::toString)
                            .filter(
                                    name ->
                                            name.matches(
                                                    ".*\\.(log|index|timeindex|txnindex|snapshot)"))
                            .sorted()
                            .collect(Collectors.joining(","));
        }
        Path output = home.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        "org.apache.kafka.tools.DumpLogSegments",
                        "--files",
                        files);
        builder.command().addAll(List.of(options));
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the tool ends").isTrue();
        String text = Files.readString(output);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
