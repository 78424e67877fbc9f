package io.penstock.controlplane.tenancy;

import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.installation.Identifiers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Organizations and projects; both are made when a caller of a new organization is first seen. */
@ApplicationScoped
public class Projects {
    private static final String DEFAULT = "default";

    private final Caller caller;
    private final EntityManager entities;
    private final Identifiers identifiers;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Projects(Caller caller, EntityManager entities, Identifiers identifiers) {
        this.caller = caller;
        this.entities = entities;
        this.identifiers = identifiers;
    }

    /** The project of the caller's organization with this id or name; any other is not found. */
    public ProjectRef find(String idOrName) {
        enter();
        return QuarkusTransaction.joiningExisting()
                .call(
                        () ->
                                ProjectEntity.<ProjectEntity>find("id = ?1 or name = ?1", idOrName)
                                        .firstResultOptional())
                .map(project -> new ProjectRef(project.id, project.name))
                .orElseThrow(() -> ProblemException.notFound("project"));
    }

    /** Lets only one transaction at a time decide on what the project shares: names and quota. */
    public void lock(ProjectRef project) {
        entities.find(ProjectEntity.class, project.id(), LockModeType.PESSIMISTIC_WRITE);
    }

    public Me describe(Caller who) {
        enter();
        return QuarkusTransaction.joiningExisting()
                .call(
                        () -> {
                            Organization organization =
                                    Organization.<Organization>findAll().singleResult();
                            List<ProjectEntity> projects = ProjectEntity.listAll(Sort.by("name"));
                            return new Me(
                                    who.subject(),
                                    who.username(),
                                    new Me.Organization(organization.id, organization.tenant),
                                    projects.stream()
                                            .map(
                                                    project ->
                                                            new Me.Project(
                                                                    project.id,
                                                                    project.name,
                                                                    who.role()))
                                            .toList());
                        });
    }

    private void enter() {
        caller.enterTenant();
        var tenant = caller.tenant();
        if (known.contains(tenant)) {
            return;
        }
        QuarkusTransaction.requiringNew()
                .run(
                        () -> {
                            entities.createNativeQuery(
                                            "insert into organization (id, tenant) values (?1, ?2)"
                                                    + " on conflict do nothing")
                                    .setParameter(1, identifiers.next("org"))
                                    .setParameter(2, tenant)
                                    .executeUpdate();
                            entities.createNativeQuery(
                                            "insert into project (id, tenant, name) values (?1, ?2, ?3)"
                                                    + " on conflict do nothing")
                                    .setParameter(1, identifiers.next("prj"))
                                    .setParameter(2, tenant)
                                    .setParameter(3, DEFAULT)
                                    .executeUpdate();
                        });
        known.add(tenant);
    }
}
