package io.penstock.controlplane.clusters;

import io.penstock.provisioner.nodes.NodePlacement;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.TenantId;

import java.io.Serializable;
import java.time.Instant;

@Entity
@DynamicUpdate
@Table(name = "node")
@IdClass(NodeEntity.Key.class)
class NodeEntity extends PanacheEntityBase {
    record Key(String clusterId, String name) implements Serializable {}

    @Id public String clusterId;
    @Id public String name;
    @TenantId public String tenant;

    @Enumerated(EnumType.STRING)
    public NodeRole role;

    public int nodeId;
    public String zone;
    public String address;
    public String version;
    public int incarnation = 1;

    @Enumerated(EnumType.STRING)
    public NodeState state = NodeState.PENDING;

    @Enumerated(EnumType.STRING)
    public Health health = Health.UNKNOWN;

    public Integer leaders;
    public Integer partitions;
    public boolean controller;
    public Instant seenAt;

    Node view() {
        return new Node(
                name,
                role,
                nodeId,
                zone,
                address,
                version,
                state,
                health,
                leaders,
                partitions,
                controller);
    }

    NodePlacement placement(Plan plan) {
        var broker = role == NodeRole.BROKER;
        return new NodePlacement(
                name,
                nodeId,
                broker
                        ? io.penstock.provisioner.nodes.NodeRole.BROKER
                        : io.penstock.provisioner.nodes.NodeRole.ZOOKEEPER,
                zone,
                address,
                version,
                broker ? plan.memoryMib() : plan.zookeeperMemoryMib(),
                broker ? plan.volumeGib() : 1,
                incarnation);
    }
}
