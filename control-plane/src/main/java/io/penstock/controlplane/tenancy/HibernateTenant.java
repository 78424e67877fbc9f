package io.penstock.controlplane.tenancy;

import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import io.quarkus.hibernate.orm.runtime.tenant.TenantResolver;

import jakarta.enterprise.context.ApplicationScoped;

/** Answers Hibernate's {@code @TenantId}; no tenant is root, so none sees another's entities. */
@PersistenceUnitExtension
@ApplicationScoped
public class HibernateTenant implements TenantResolver {
    private final CurrentTenant tenant;

    HibernateTenant(CurrentTenant tenant) {
        this.tenant = tenant;
    }

    @Override
    public String getDefaultTenantId() {
        return CurrentTenant.NOBODY;
    }

    @Override
    public String resolveTenantId() {
        return tenant.get();
    }
}
