/**
 * Runs Terraform for one cluster at a time: its state in PostgreSQL, its output as typed events,
 * and its process in a session of its own, so that the death of this JVM loses nothing.
 */
package io.penstock.provisioner.terraform;
