package io.penstock.controlplane.tenancy;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.Requester;
import io.quarkus.security.identity.SecurityIdentity;

import jakarta.enterprise.context.RequestScoped;

import org.eclipse.microprofile.jwt.JsonWebToken;

import java.time.Instant;
import java.util.regex.Pattern;

/** Who sent the request, as the claims of the verified token say. */
@RequestScoped
public class Caller implements Requester {
    private static final Pattern ORGANIZATION =
            Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final SecurityIdentity identity;
    private final RequestTenant requestTenant;
    private Claims claims;

    private record Claims(
            String subject, String username, String organization, Role role, Instant expiresAt) {}

    Caller(SecurityIdentity identity, RequestTenant requestTenant) {
        this.identity = identity;
        this.requestTenant = requestTenant;
    }

    @Override
    public String subject() {
        return claims().subject();
    }

    public String username() {
        return claims().username();
    }

    /** The organization's short name, which is the tenant of all its rows. */
    @Override
    public String tenant() {
        return claims().organization();
    }

    public Role role() {
        return claims().role();
    }

    public Instant expiresAt() {
        return claims().expiresAt();
    }

    public void require(Role needed) {
        if (!role().includes(needed)) {
            throw ProblemException.forbidden(
                    "role_required",
                    "This needs the role %s; yours is %s".formatted(needed.wire(), role().wire()));
        }
    }

    /** Makes the request act for the caller's tenant; until then it sees no rows. */
    void enterTenant() {
        requestTenant.become(tenant());
    }

    private Claims claims() {
        if (claims == null) {
            claims = read();
        }
        return claims;
    }

    private Claims read() {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            throw ProblemException.of(401, "unauthenticated", "Sign in or send a bearer token");
        }
        var organization = claim(token, "organization");
        if (!ORGANIZATION.matcher(organization).matches()) {
            throw ProblemException.forbidden(
                    "claim_invalid", "The token's claim organization is not a short name");
        }
        var roleName = claim(token, "organization_role");
        var role =
                Role.of(roleName)
                        .orElseThrow(
                                () ->
                                        ProblemException.forbidden(
                                                "claim_invalid",
                                                "The token's claim organization_role must be viewer,"
                                                        + " developer, operator or owner"));
        return new Claims(
                claim(token, "sub"),
                claim(token, "preferred_username"),
                organization,
                role,
                Instant.ofEpochSecond(token.getExpirationTime()));
    }

    private static String claim(JsonWebToken token, String name) {
        var value = token.getClaim(name);
        if (value == null || value.toString().isBlank()) {
            throw ProblemException.forbidden(
                    "claim_missing", "The token has no claim " + name + ": ask your administrator");
        }
        return value.toString();
    }
}
