/** The management port of a node, seen from outside. */
package io.penstock.provisioner.management;
