package io.penstock.controlplane.tenancy;

import io.quarkus.arc.Arc;

import java.util.function.Supplier;

/**
 * The tenant that code outside a request works for. Bound for the length of a call and gone after
 * it; there is no value that means all tenants.
 */
public final class TenantScope {
    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();

    private TenantScope() {}

    public static <T> T asTenant(String tenant, Supplier<T> work) {
        return ScopedValue.where(TENANT, tenant).call(() -> inContext(work));
    }

    public static void asTenant(String tenant, Runnable work) {
        asTenant(
                tenant,
                () -> {
                    work.run();
                    return null;
                });
    }

    /** Hibernate asks for the tenant only where a request context is active. */
    private static <T> T inContext(Supplier<T> work) {
        var context = Arc.container().requestContext();
        if (context.isActive()) {
            return work.get();
        }
        context.activate();
        try {
            return work.get();
        } finally {
            context.terminate();
        }
    }

    /** The bound tenant, or null outside any. */
    static String bound() {
        return TENANT.isBound() ? TENANT.get() : null;
    }
}
