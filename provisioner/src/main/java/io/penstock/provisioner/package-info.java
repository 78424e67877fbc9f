/**
 * Turns a cluster's desired state into nodes that run: Terraform ({@code terraform}), certificates
 * ({@code pki}), what a node is and how it is configured ({@code nodes}), the running cluster's
 * Kafka interface ({@code kafka}) and its nodes' management ports ({@code management}). Knows
 * nothing of tenants, operations or HTTP resources: whoever calls it decides when and why.
 */
package io.penstock.provisioner;
