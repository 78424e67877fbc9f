package io.penstock.launcher.installation;

import io.penstock.launcher.LaunchFailure;

import java.util.ArrayList;
import java.util.List;

/**
 * What an installation must be told of services that it does not run itself. It is told anew by the
 * environment of each {@code up}, because passwords are not kept.
 */
public final class ExternalServices {
    private static final List<String> DATABASE =
            List.of(
                    "PENSTOCK_DATABASE_URL",
                    "PENSTOCK_DATABASE_OWNER",
                    "PENSTOCK_DATABASE_OWNER_PASSWORD",
                    "PENSTOCK_DATABASE_APP",
                    "PENSTOCK_DATABASE_APP_PASSWORD",
                    "PENSTOCK_DATABASE_ENGINE",
                    "PENSTOCK_DATABASE_ENGINE_PASSWORD",
                    "PENSTOCK_TERRAFORM_DATABASE_URL");
    private static final List<String> ISSUER =
            List.of("PENSTOCK_OIDC_CLIENT_ID", "PENSTOCK_OIDC_CLIENT_SECRET");
    private static final List<String> KEYCLOAK_DATABASE =
            List.of(
                    "PENSTOCK_KEYCLOAK_DATABASE_URL",
                    "PENSTOCK_KEYCLOAK_DATABASE_USER",
                    "PENSTOCK_KEYCLOAK_DATABASE_PASSWORD");

    private ExternalServices() {}

    /**
     * @throws LaunchFailure when the environment lacks a variable
     */
    public static void check(Installation installation) {
        var needed = new ArrayList<String>();
        if (!installation.ownsPostgresql()) {
            needed.addAll(DATABASE);
            if (installation.ownsKeycloak()) {
                needed.addAll(KEYCLOAK_DATABASE);
            }
        }
        if (!installation.ownsKeycloak()) {
            needed.addAll(ISSUER);
        }
        var missing =
                needed.stream().filter(name -> installation.variable(name).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw new LaunchFailure(
                    "%s, but the environment lacks %s."
                            .formatted(describe(installation), String.join(", ", missing)),
                    "Set what is missing: docs/external-services.md says what each is. To go back to embedded"
                            + " services, unset PENSTOCK_DATABASE_URL and PENSTOCK_OIDC_ISSUER and remove their"
                            + " lines from %s.".formatted(Settings.file(installation.home())));
        }
    }

    private static String describe(Installation installation) {
        if (installation.ownsPostgresql()) {
            return "This installation uses the issuer " + installation.issuer();
        }
        return "This installation uses an external PostgreSQL"
                + (installation.ownsKeycloak() ? " but runs Keycloak itself" : " and issuer");
    }
}
