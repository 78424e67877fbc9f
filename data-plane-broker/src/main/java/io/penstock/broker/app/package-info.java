/**
 * The processes: a broker, a ZooKeeper server, and a node, which enrols with a control plane and
 * then is one of the two. {@link io.penstock.broker.app.Broker} shows how a broker is put together.
 */
package io.penstock.broker.app;
