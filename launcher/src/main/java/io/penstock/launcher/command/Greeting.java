package io.penstock.launcher.command;

import io.penstock.launcher.installation.Installation;

import java.io.PrintStream;

/** What a person can do now. */
final class Greeting {
    private final Installation installation;
    private final PrintStream output;

    Greeting(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    void print() {
        output.println();
        output.println("  Console   " + installation.consoleUrl());
        if (installation.ownsKeycloak()) {
            output.println(
                    "  Sign in   alice / " + installation.secrets().readablePassword("demo-users"));
            output.println(
                    "            (alice owns acme, bob views it; carol owns globex, dave views it: the same password)");
        } else {
            output.println("  Sign in   through " + installation.issuer());
        }
        output.println();
        output.println("  Next      " + next());
        output.println(
                "            curl -H \"Authorization: Bearer %s\" %s/api/v1/me"
                        .formatted(token(), installation.localUrl()));
        output.println("            ./penstock status | logs | down");
    }

    private String next() {
        return installation.ownsKeycloak()
                ? "./penstock demo            a cluster, a million records, verified"
                : "Create a cluster in the console, or through the API:";
    }

    private String token() {
        return installation.ownsKeycloak() ? "$(./penstock token)" : "<a token of the issuer>";
    }
}
