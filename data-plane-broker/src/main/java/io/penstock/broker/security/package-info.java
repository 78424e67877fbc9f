/** Who is at the other end of a connection, and what that principal may do. */
package io.penstock.broker.security;
