package io.penstock.controlplane.operations;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only while operations would run. */
@Readiness
@ApplicationScoped
class EngineReadiness implements HealthCheck {
    private final OperationEngine engine;

    EngineReadiness(OperationEngine engine) {
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("operations engine").status(engine.isReady()).build();
    }
}
