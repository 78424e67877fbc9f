/** Principals and credentials of a cluster. */
package io.penstock.controlplane.access;
