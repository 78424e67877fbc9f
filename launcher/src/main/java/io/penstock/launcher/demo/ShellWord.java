package io.penstock.launcher.demo;

import java.util.regex.Pattern;

/** A text as one word of a shell's command line, to be copied from a terminal. */
final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.,:=@%+-]+");

    private ShellWord() {}

    static String of(Object text) {
        var word = text.toString();
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
