package io.penstock.controlplane.operations;

import io.penstock.controlplane.tenancy.ProjectRef;

/** Says which clusters there are for the current tenant. */
public interface ClusterDirectory {
    /**
     * @return the id of the project's live cluster
     * @throws io.penstock.controlplane.api.ProblemException 404 for whatever else the id may be
     */
    String require(ProjectRef project, String id);
}
