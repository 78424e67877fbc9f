package io.penstock.controlplane.access;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.TenantId;

import java.time.Instant;

/** What is known of a credential. Its password is not: only the cluster holds what verifies it. */
@Entity
@Table(name = "credential")
class CredentialEntity extends PanacheEntityBase {
    static final String MECHANISM = "SCRAM-SHA-512";

    @Id public String id;
    @TenantId public String tenant;
    public String clusterId;
    public String principal;

    @Enumerated(EnumType.STRING)
    public Preset preset;

    public String prefix;
    public String username;
    public Instant createdAt;

    Credential view() {
        return new Credential(id, principal, preset, prefix, MECHANISM, username, createdAt);
    }

    CreatedCredential viewOnce(String password) {
        return new CreatedCredential(
                id, principal, preset, prefix, MECHANISM, username, password, createdAt);
    }
}
