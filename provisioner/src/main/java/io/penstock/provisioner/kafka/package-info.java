/** What the control plane does inside a running cluster, over the Kafka protocol. */
package io.penstock.provisioner.kafka;
