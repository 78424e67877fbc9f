/** What a cluster is made of, and the exact configuration of each of its nodes. */
package io.penstock.provisioner.nodes;
