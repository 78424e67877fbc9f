package io.penstock.controlplane.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The events of clusters. A sequence is taken under the cluster's row lock, so events become
 * visible in the order of their sequences and a reader that has seen n never misses one before it.
 */
@ApplicationScoped
public class Events {
    static final String CHANNEL = "penstock_events";
    private static final int PAGE = 200;

    private final EntityManager entities;
    private final ObjectMapper json;

    /** One event as it is sent. */
    record Stored(long sequence, String type, String data) {}

    Events(EntityManager entities, ObjectMapper json) {
        this.entities = entities;
        this.json = json;
    }

    void operationUpdated(String clusterId, Operation operation) {
        append(clusterId, EventType.OPERATION_UPDATED, operation, null, null, null);
    }

    void operationLog(String clusterId, String operationId, String line) {
        append(clusterId, EventType.OPERATION_LOG, null, operationId, line, null);
    }

    /** Belongs into the transaction that changed the cluster. */
    public void clusterUpdated(ClusterView cluster) {
        append(cluster.id(), EventType.CLUSTER_UPDATED, null, null, null, cluster);
    }

    /** The last event of a cluster. */
    public void clusterDeleted(ClusterView cluster) {
        append(cluster.id(), EventType.CLUSTER_DELETED, null, null, null, cluster);
    }

    private void append(
            String clusterId,
            EventType type,
            Operation operation,
            String operationId,
            String line,
            ClusterView cluster) {
        entities.flush();
        long sequence =
                ((Number)
                                entities.createNativeQuery(
                                                "update cluster set event_sequence = event_sequence + 1"
                                                        + " where id = ?1 returning event_sequence",
                                                Long.class)
                                        .setParameter(1, clusterId)
                                        .getSingleResult())
                        .longValue();
        var at = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var event = new ClusterEvent(sequence, type, at, operation, operationId, line, cluster);
        entities.createNativeQuery(
                        "insert into cluster_event (cluster_id, sequence, tenant, type, at, data)"
                                + " select ?1, ?2, tenant, ?3, ?4, ?5 from cluster where id = ?1")
                .setParameter(1, clusterId)
                .setParameter(2, sequence)
                .setParameter(3, type.wire())
                .setParameter(4, at)
                .setParameter(5, write(event))
                .executeUpdate();
        entities.createNativeQuery("select cast(pg_notify(?1, ?2) as text)")
                .setParameter(1, CHANNEL)
                .setParameter(2, clusterId)
                .getResultList();
    }

    /** The next events of a cluster of the current tenant, oldest first. */
    List<Stored> after(String clusterId, long sequence) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            @SuppressWarnings("unchecked")
                            List<Object[]> rows =
                                    entities.createNativeQuery(
                                                    "select sequence, type, data from cluster_event"
                                                            + " where cluster_id = ?1 and sequence > ?2"
                                                            + " order by sequence")
                                            .setParameter(1, clusterId)
                                            .setParameter(2, sequence)
                                            .setMaxResults(PAGE)
                                            .getResultList();
                            return rows.stream()
                                    .map(
                                            row ->
                                                    new Stored(
                                                            ((Number) row[0]).longValue(),
                                                            (String) row[1],
                                                            (String) row[2]))
                                    .toList();
                        });
    }

    long last(String clusterId) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () ->
                                ((Number)
                                                entities.createNativeQuery(
                                                                "select event_sequence from cluster where id = ?1",
                                                                Long.class)
                                                        .setParameter(1, clusterId)
                                                        .getSingleResult())
                                        .longValue());
    }

    private String write(ClusterEvent event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event must have a JSON form", e);
        }
    }
}
