package io.penstock.controlplane.tenancy;

import java.util.function.Supplier;

/**
 * The tenant that code outside a request works for. Bound for the length of a call and gone after
 * it; there is no value that means all tenants.
 */
public final class TenantScope {
    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

    private TenantScope() {}

    public static <T> T asTenant(String tenant, Supplier<T> work) {
        return ScopedValue.where(TENANT, tenant).call(work::get);
    }

    public static void asTenant(String tenant, Runnable work) {
        ScopedValue.where(TENANT, tenant).run(work);
    }

    /** The bound tenant, or null outside any. */
    static String bound() {
        return TENANT.isBound() ? TENANT.get() : null;
    }
}
