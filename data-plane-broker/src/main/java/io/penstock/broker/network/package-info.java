/**
 * The broker's side of a socket: accepts connections, cuts frames, keeps responses in order, and
 * sends records out of files. Knows nothing of what a request means.
 */
package io.penstock.broker.network;
