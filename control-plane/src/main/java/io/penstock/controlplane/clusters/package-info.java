/** Clusters, their nodes, endpoints, plans and versions. */
package io.penstock.controlplane.clusters;
