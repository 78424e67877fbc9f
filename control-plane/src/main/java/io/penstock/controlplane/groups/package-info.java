/** Consumer groups' offsets. */
package io.penstock.controlplane.groups;
