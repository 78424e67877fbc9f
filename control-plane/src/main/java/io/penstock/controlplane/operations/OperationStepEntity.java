package io.penstock.controlplane.operations;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.TenantId;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

@Entity
@DynamicUpdate
@Table(name = "operation_step")
@IdClass(OperationStepEntity.Key.class)
class OperationStepEntity extends PanacheEntityBase {
    /** A class and not a record: Hibernate fills the association's part by its name. */
    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        String operation;
        int position;

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && Objects.equals(operation, key.operation)
                    && position == key.position;
        }

        @Override
        public int hashCode() {
            return Objects.hash(operation, position);
        }
    }

    @Id
    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "operation_id")
    public OperationEntity operation;

    @Id public int position;
    @TenantId public String tenant;
    public String name;
    public String title;
    public String node;

    @Enumerated(EnumType.STRING)
    public StepState state = StepState.PENDING;

    public Instant startedAt;
    public Instant endedAt;
    public int attempt;

    /** Attempts that failed; an attempt that a restart cut off is none. */
    public int failures;

    public String detail;

    Operation.Step view() {
        return new Operation.Step(name, title, node, state, startedAt, endedAt, attempt, detail);
    }
}
