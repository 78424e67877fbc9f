package io.penstock.controlplane.clusters;

import io.penstock.controlplane.installation.PenstockConfiguration;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.List;
import java.util.Optional;

/** Plans and versions of this installation. */
@ApplicationScoped
public class Catalog {
    static final int BROKERS_PER_CLUSTER = 12;
    static final int BROKERS_PER_PROJECT = 30;

    private static final List<Plan> PLANS =
            List.of(new Plan("small", "Small", 3, BROKERS_PER_CLUSTER, 512, 192, 10));

    private final PenstockConfiguration configuration;

    Catalog(PenstockConfiguration configuration) {
        this.configuration = configuration;
    }

    public List<Plan> plans() {
        return PLANS;
    }

    public Optional<Plan> plan(String name) {
        return PLANS.stream().filter(plan -> plan.name().equals(name)).findFirst();
    }

    public List<VersionList.Version> versions() {
        return List.of(new VersionList.Version(configuration.version(), true));
    }

    String defaultVersion() {
        return configuration.version();
    }
}
