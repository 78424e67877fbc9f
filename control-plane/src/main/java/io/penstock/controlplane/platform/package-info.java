/**
 * What the service stands on: configuration, secrets, certificates, infrastructure and node
 * enrolment.
 */
package io.penstock.controlplane.platform;
