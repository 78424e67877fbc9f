/** A cluster's certificate authority, the identities it signs, and the tokens nodes enrol with. */
package io.penstock.provisioner.pki;
