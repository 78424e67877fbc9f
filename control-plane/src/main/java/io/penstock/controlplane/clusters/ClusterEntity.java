package io.penstock.controlplane.clusters;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.TenantId;

import java.time.Instant;
import java.util.List;

@Entity
@DynamicUpdate
@Table(name = "cluster")
class ClusterEntity extends PanacheEntityBase {
    @Id public String id;
    @TenantId public String tenant;
    public String projectId;
    public String projectName;
    public String name;
    public String plan;
    public int brokers;

    @jakarta.persistence.Column(name = "zookeeper_nodes")
    public int zookeeperNodes;

    public String version;
    public String platform;
    public String isolation;
    public long generation;
    public long observedGeneration;

    @Enumerated(EnumType.STRING)
    public ClusterState state;

    @Enumerated(EnumType.STRING)
    public Health health;

    public String healthDetail;
    public String operationId;
    public String network;
    public String caCertificate;
    public byte[] caKey;
    public Instant createdAt;
    public Instant updatedAt;
    public Instant deletedAt;

    Cluster view() {
        List<Cluster.Condition> conditions =
                healthDetail == null
                        ? List.of()
                        : List.of(new Cluster.Condition("health", healthDetail));
        return new Cluster(
                id,
                name,
                projectName,
                plan,
                brokers,
                zookeeperNodes,
                version,
                platform,
                isolation,
                generation,
                new Cluster.Status(state, health, conditions, observedGeneration),
                operationId,
                createdAt,
                updatedAt);
    }
}
