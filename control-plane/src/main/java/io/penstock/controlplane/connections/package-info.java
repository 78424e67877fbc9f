/** The Kafka connections to clusters, behind the interfaces of those who need them. */
package io.penstock.controlplane.connections;
