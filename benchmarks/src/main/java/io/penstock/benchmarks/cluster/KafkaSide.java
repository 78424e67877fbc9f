package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Apache Kafka, as it comes or tuned, in one of its two ways to be coordinated. */
abstract class KafkaSide implements Side {

    protected final String address;
    protected final Tuning tuning;
    protected final KafkaJvm jvm;
    private final Workspace workspace;
    private final String name;

    /**
     * @param logging the system property that names Kafka's logging configuration, up to the file
     */
    KafkaSide(Workspace workspace, String address, Tuning tuning, String name, String logging) {
        this.workspace = workspace;
        this.address = address;
        this.tuning = tuning;
        this.name = name;
        this.jvm = new KafkaJvm(workspace, name, logging);
    }

    /** Release and coordination, and what is tuned beside the JVM. */
    protected abstract Release release();

    /**
     * @param folder of the cluster
     * @param options more of the brokers' JVM
     */
    protected abstract List<NodePlan> nodes(
            ClusterShape shape, Path folder, TlsMaterial tls, List<String> options);

    protected record Release(String describes, String tunedTo) {}

    @Override
    public final String name() {
        return name + tuning.suffix();
    }

    @Override
    public final String describes() {
        Release release = release();
        return tuning == Tuning.TUNED
                ? release.describes() + ", AOT cache, C1 compiler, " + release.tunedTo()
                : release.describes();
    }

    @Override
    public final void provide() throws IOException, InterruptedException {
        jvm.provide();
        if (tuning == Tuning.TUNED && !jvm.isTrained()) {
            CacheTraining.run(
                    plan(ClusterShape.ONE_BROKER, List.of("-XX:AOTCacheOutput=" + jvm.cache())),
                    this,
                    jvm.cache());
        }
    }

    @Override
    public final ClusterPlan plan(ClusterShape shape) {
        return plan(shape, tuning == Tuning.TUNED ? jvm.tunedOptions() : List.of());
    }

    private ClusterPlan plan(ClusterShape shape, List<String> options) {
        Path folder = workspace.clusters().resolve(name());
        TlsMaterial tls = new TlsMaterial(folder.resolve("tls"));
        return new ClusterPlan(
                shape, folder, address, List.copyOf(nodes(shape, folder, tls, options)), tls);
    }
}
