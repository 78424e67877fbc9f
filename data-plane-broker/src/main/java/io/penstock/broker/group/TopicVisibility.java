package io.penstock.broker.group;

import io.penstock.broker.network.RequestContext;

/** Whether whoever sent a request may know that a topic exists; asked from any thread. */
public interface TopicVisibility {

    boolean isVisible(RequestContext context, String topic);
}
