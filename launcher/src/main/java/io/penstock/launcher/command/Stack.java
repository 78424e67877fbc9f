package io.penstock.launcher.command;

import io.penstock.launcher.controlplane.ControlPlane;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.keycloak.Keycloak;
import io.penstock.launcher.postgresql.Postgresql;
import io.penstock.launcher.process.Component;

import java.util.ArrayList;
import java.util.List;

/** The components that are ours to run, in the order in which they start. */
final class Stack {
    private Stack() {}

    static List<Component> components(Installation installation) {
        var components = new ArrayList<Component>();
        if (installation.ownsPostgresql()) {
            components.add(new Postgresql(installation));
        }
        if (installation.ownsKeycloak()) {
            components.add(new Keycloak(installation));
        }
        components.add(new ControlPlane(installation));
        return components;
    }
}
