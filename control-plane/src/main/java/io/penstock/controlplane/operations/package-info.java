/** Durable operations: their engine, steps and live events. */
package io.penstock.controlplane.operations;
