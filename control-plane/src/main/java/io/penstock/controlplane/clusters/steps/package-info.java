/** What cluster operations do, one step a class; the two definitions list them in order. */
package io.penstock.controlplane.clusters.steps;
