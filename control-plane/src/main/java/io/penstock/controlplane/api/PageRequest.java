package io.penstock.controlplane.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Which page of a list is wanted.
 *
 * @param after key of the last item of the page before, or null for the first page
 */
public record PageRequest(int size, String after) {
    private static final int DEFAULT_SIZE = 50;
    private static final int MAXIMUM_SIZE = 200;
    private static final String TOKEN_PREFIX = "v1:";

    /** One page, with the token of the next or null. */
    public record Page<T>(List<T> items, String nextPageToken) {}

    public static PageRequest of(String pageSize, String pageToken) {
        return new PageRequest(size(pageSize), key(pageToken));
    }

    private static int size(String text) {
        if (text == null) {
            return DEFAULT_SIZE;
        }
        if (text.matches("[0-9]{1,3}")) {
            int size = Integer.parseInt(text);
            if (size >= 1 && size <= MAXIMUM_SIZE) {
                return size;
            }
        }
        throw ProblemException.invalid(
                "/page_size", "page_size must be a number from 1 to " + MAXIMUM_SIZE);
    }

    private static String key(String token) {
        if (token == null) {
            return null;
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.startsWith(TOKEN_PREFIX) && text.length() <= 300 && text.indexOf('\0') < 0) {
                return text.substring(TOKEN_PREFIX.length());
            }
        } catch (IllegalArgumentException notBase64) {
            // answered below, as any other token that this service has not made
        }
        throw ProblemException.invalid(
                "/page_token", "page_token must be the next_page_token of a list");
    }

    /** Makes a page of rows of which one more than the page's size was read. */
    public <T> Page<T> page(List<T> oneMore, Function<T, String> key) {
        if (oneMore.size() <= size) {
            return new Page<>(oneMore, null);
        }
        var items = oneMore.subList(0, size);
        var token = TOKEN_PREFIX + key.apply(items.getLast());
        return new Page<>(
                items,
                Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(UTF_8)));
    }

    public int oneMore() {
        return size + 1;
    }
}
