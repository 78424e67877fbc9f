package io.penstock.controlplane.tenancy;

/** A project that the caller may see. */
public record ProjectRef(String id, String name) {}
