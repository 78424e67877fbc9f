/** Topics of a cluster. */
package io.penstock.controlplane.topics;
