/** What all of the service stands on: its settings, keys, ids and notifications. */
package io.penstock.controlplane.installation;
