package io.penstock.controlplane.operations;

/** A cluster as events show it. */
public interface ClusterView {
    String id();
}
