package io.penstock.provisioner.terraform;

/**
 * A node as the platform made it.
 *
 * @param id the platform's own name for it
 */
public record PlatformNode(String name, String id, String address) {}
