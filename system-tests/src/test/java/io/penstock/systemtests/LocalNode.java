package io.penstock.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The folder of one node of a cluster on the local platform. */
record LocalNode(Path folder) {

    static List<LocalNode> of(Installation installation, String cluster) throws IOException {
        try (var folders = Files.list(installation.clusterFolder(cluster))) {
            return folders.filter(folder -> Files.exists(folder.resolve("node.json")))
                    .sorted()
                    .map(LocalNode::new)
                    .toList();
        }
    }

    /** Those of all clusters. */
    static List<LocalNode> all(Installation installation) throws IOException {
        var nodes = new ArrayList<LocalNode>();
        try (var clusters = Files.list(installation.home().resolve("clusters"))) {
            for (var cluster : clusters.toList()) {
                nodes.addAll(of(installation, cluster.getFileName().toString()));
            }
        }
        return nodes;
    }

    static LocalNode of(Installation installation, String cluster, String name) {
        return new LocalNode(installation.clusterFolder(cluster).resolve(name));
    }

    /** The node's own process, when it runs. */
    Optional<Long> process() {
        return running("node.pid", "io.penstock.broker.app.NodeMain");
    }

    Optional<Long> supervisor() {
        return running("supervisor.pid", "node-supervisor");
    }

    private Optional<Long> running(String pidFile, String program) {
        return Processes.fromFile(folder.resolve(pidFile))
                .filter(pid -> Processes.commandLine(pid).contains(program))
                .filter(pid -> Processes.commandLine(pid).contains(folder.toString()));
    }
}
