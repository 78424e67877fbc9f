package io.penstock.controlplane.operations;

public enum OperationState {
    QUEUED,
    SCHEDULED,
    RUNNING,
    WAITING,
    PAUSED,
    CANCELLING,
    ROLLING_BACK,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    ROLLED_BACK;

    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED || this == ROLLED_BACK;
    }
}
