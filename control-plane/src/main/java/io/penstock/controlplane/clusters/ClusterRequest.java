package io.penstock.controlplane.clusters;

import io.penstock.controlplane.api.Violations;

import java.util.stream.Collectors;

/** A request for a cluster, checked and complete. */
record ClusterRequest(String name, Plan plan, int brokers, int zookeeperNodes, String version) {
    private static final int BROKERS_FOR_A_QUORUM = 3;

    /**
     * @throws io.penstock.controlplane.api.ProblemException with every field at fault
     */
    static ClusterRequest check(NewCluster body, Catalog catalog) {
        var violations = new Violations();
        if (body.name() == null) {
            violations.add("/name", "name is required");
        } else {
            violations.require(
                    ClusterName.isValid(body.name()),
                    "/name",
                    "name must be 1 to 63 lower-case letters, digits and hyphens, begin with a letter and"
                            + " not end with a hyphen");
        }
        Plan plan = null;
        if (body.plan() == null) {
            violations.add("/plan", "plan is required");
        } else {
            plan = catalog.plan(body.plan()).orElse(null);
            var known = catalog.plans().stream().map(Plan::name).collect(Collectors.joining(", "));
            violations.require(plan != null, "/plan", "Unknown plan; known: " + known);
        }
        int most = plan == null ? Catalog.BROKERS_PER_CLUSTER : plan.brokersMax();
        if (body.brokers() == null) {
            violations.add("/brokers", "brokers is required");
        } else {
            violations.require(
                    body.brokers() >= 1 && body.brokers() <= most,
                    "/brokers",
                    "brokers must be 1 to " + most);
        }
        if (body.zookeeperNodes() != null) {
            violations.require(
                    body.zookeeperNodes() == 1 || body.zookeeperNodes() == 3,
                    "/zookeeper_nodes",
                    "zookeeper_nodes must be 1 or 3");
        }
        var version = body.version() == null ? catalog.defaultVersion() : body.version();
        var versions =
                catalog.versions().stream()
                        .map(VersionList.Version::version)
                        .collect(Collectors.toList());
        violations.require(
                versions.contains(version),
                "/version",
                "Unknown version; known: " + String.join(", ", versions));
        violations.throwIfAny();
        int zookeeperNodes =
                body.zookeeperNodes() != null
                        ? body.zookeeperNodes()
                        : body.brokers() >= BROKERS_FOR_A_QUORUM ? 3 : 1;
        return new ClusterRequest(body.name(), plan, body.brokers(), zookeeperNodes, version);
    }
}
