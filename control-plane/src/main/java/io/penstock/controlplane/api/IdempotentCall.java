package io.penstock.controlplane.api;

/**
 * What an Idempotency-Key stands for.
 *
 * @param path names the target by ids, so that two spellings of one target are the same
 * @param content body or precondition, compared by its JSON
 */
public record IdempotentCall(String method, String path, Object content) {
    /** Longer ones, which nothing real has, would not fit into the index of the keys. */
    private static final int LONGEST_PATH = 500;

    public IdempotentCall {
        if (path.length() > LONGEST_PATH) {
            path = "sha256:" + Digests.sha256(path);
        }
    }

    public static IdempotentCall of(String method, String path, Object content) {
        return new IdempotentCall(method, path, content);
    }
}
