package io.penstock.controlplane.operations;

import java.util.List;

/** An operation as a person can read it: its steps from top to bottom, and what its end means. */
public interface OperationDefinition {
    OperationType type();

    List<Step> steps();

    /** Runs in the transaction that ends the operation; the cluster's row is locked. */
    void succeeded(String clusterId);

    /** Runs in the transaction that ends the operation; the cluster's row is locked. */
    void failed(String clusterId);
}
