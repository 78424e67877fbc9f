package io.penstock.controlplane.operations;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;

import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.TenantId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@Entity
@DynamicUpdate
@Table(name = "operation")
class OperationEntity extends PanacheEntityBase {
    @Id public String id;
    @TenantId public String tenant;
    public String projectId;
    public String clusterId;
    public String clusterName;

    @Enumerated(EnumType.STRING)
    public OperationType type;

    @Enumerated(EnumType.STRING)
    public OperationState state;

    public String actor;
    public String requestId;

    /** Of the last execution: the cluster's count of them. Only that one may write. */
    public long epoch;

    public boolean cancelRequested;
    public String errorCode;
    public String errorDetail;
    public Instant createdAt;
    public Instant startedAt;
    public Instant endedAt;

    @OneToMany(mappedBy = "operation", cascade = CascadeType.ALL, fetch = FetchType.LAZY)
    @OrderBy("position")
    @BatchSize(size = 64)
    public List<OperationStepEntity> steps = new ArrayList<>();

    Optional<OperationStepEntity> nextStep() {
        return steps.stream().filter(step -> step.state != StepState.SUCCEEDED).findFirst();
    }

    Operation view() {
        long done = steps.stream().filter(step -> step.state == StepState.SUCCEEDED).count();
        double progress = steps.isEmpty() ? 1 : Math.round(100.0 * done / steps.size()) / 100.0;
        return new Operation(
                id,
                type,
                state,
                actor,
                requestId,
                new Operation.Target(clusterId, clusterName),
                steps.stream().map(OperationStepEntity::view).toList(),
                progress,
                errorCode == null ? null : new Operation.Failure(errorCode, errorDetail),
                createdAt,
                startedAt,
                endedAt);
    }
}
