/** Conventions of the REST API: problems, strict JSON, paging, idempotency, preconditions. */
package io.penstock.controlplane.api;
