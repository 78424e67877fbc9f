package io.penstock.controlplane.topics;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"items", "next_page_token"})
public record TopicList(List<Topic> items, @Schema(nullable = true) String nextPageToken) {}
