package io.penstock.controlplane.platform;

import io.penstock.controlplane.operations.StepProgress;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.EnrolmentToken;

import java.util.Map;

/**
 * Makes and removes a cluster's machines. Every call may be repeated after it was cut off anywhere.
 */
public interface Infrastructure {
    /** Returns when every node of the layout exists. */
    void apply(ClusterLayout layout, Map<String, EnrolmentToken> tokens, StepProgress progress)
            throws InterruptedException;

    /** Returns when nothing that bears the cluster's id is left, its state included. */
    void destroy(String clusterId, StepProgress progress) throws InterruptedException;
}
