package io.penstock.controlplane.tenancy;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.hibernate.annotations.TenantId;

@Entity
@Table(name = "project")
public class ProjectEntity extends PanacheEntityBase {
    @Id public String id;
    @TenantId public String tenant;
    public String name;
}
