package io.penstock.provisioner.nodes;

/** What a node of a cluster does. */
public enum NodeRole {
    BROKER("broker"),
    ZOOKEEPER("zookeeper");

    private final String label;

    NodeRole(String label) {
        this.label = label;
    }

    /**
     * The role's name in user-data, certificates and REST answers: {@code broker} or {@code
     * zookeeper}.
     */
    public String label() {
        return label;
    }

    /**
     * @throws IllegalArgumentException when no role has this name
     */
    public static NodeRole of(String label) {
        for (NodeRole role : values()) {
            if (role.label.equals(label)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no node has the role " + label);
    }
}
