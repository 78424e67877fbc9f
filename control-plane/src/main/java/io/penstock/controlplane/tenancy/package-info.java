/**
 * Who asks and whose rows they may see: callers, roles, organizations, projects and row-level
 * security.
 */
package io.penstock.controlplane.tenancy;
