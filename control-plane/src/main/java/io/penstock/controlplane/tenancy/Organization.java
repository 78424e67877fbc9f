package io.penstock.controlplane.tenancy;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.TenantId;

@Entity
@Table(name = "organization")
public class Organization extends PanacheEntityBase {
    @Id public String id;

    /** Its short name, from the claim. */
    @TenantId public String tenant;
}
