package io.penstock.launcher.command;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.keycloak.Keycloak;

import java.io.IOException;

/** A bearer token of a demo user. */
public final class Token {
    private Token() {}

    public static String of(Installation installation, String username)
            throws IOException, InterruptedException {
        if (!installation.ownsKeycloak()) {
            throw new LaunchFailure(
                    "Tokens of demo users exist only with the embedded Keycloak.",
                    "Get a token from " + installation.issuer() + ".");
        }
        if (!Keycloak.usernames().contains(username)) {
            throw new LaunchFailure(
                    "There is no demo user '%s'.".formatted(username),
                    "Choose one of: " + String.join(", ", Keycloak.usernames()) + ".");
        }
        var keycloak = new Keycloak(installation);
        if (!keycloak.healthy()) {
            throw new LaunchFailure("Keycloak does not answer.", "Start it with ./penstock up.");
        }
        return keycloak.token(username);
    }
}
