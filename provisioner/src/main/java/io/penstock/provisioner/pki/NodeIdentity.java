package io.penstock.provisioner.pki;

import io.penstock.provisioner.nodes.NodeRole;

import java.util.List;

/**
 * Who a node's certificate says it is; the control plane decides this, never the node's request.
 *
 * @param clusterId the subject's O
 * @param nodeName the subject's CN
 * @param role the subject's OU
 * @param address IP address among the subject's alternative names
 * @param dnsNames host names among the subject's alternative names; may be empty
 */
public record NodeIdentity(
        String clusterId, String nodeName, NodeRole role, String address, List<String> dnsNames) {
    public NodeIdentity {
        dnsNames = List.copyOf(dnsNames);
    }
}
