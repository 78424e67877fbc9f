package io.penstock.controlplane.operations;

/** The right to execute one step once: valid as long as the operation's epoch is this one. */
record OperationClaim(
        String operationId,
        String tenant,
        String clusterId,
        OperationType type,
        int position,
        long epoch) {}
