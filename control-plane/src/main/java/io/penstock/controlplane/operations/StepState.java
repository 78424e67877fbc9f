package io.penstock.controlplane.operations;

public enum StepState {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED
}
