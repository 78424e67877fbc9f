package io.penstock.controlplane.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.Base64;

class VaultTest {
    private static final String PLACE = "cluster/ca_key/clu_1";
    private final Vault vault = new Vault(key('a'));

    @Test
    void opensWhatItSealedForTheSamePlace() {
        assertThat(vault.open(PLACE, vault.seal(PLACE, "secret ✓"))).isEqualTo("secret ✓");
    }

    @Test
    void sealsDifferentlyEachTimeAndHidesTheText() {
        var first = vault.seal(PLACE, "a long and telling secret");

        assertThat(first).isNotEqualTo(vault.seal(PLACE, "a long and telling secret"));
        assertThat(new String(first, UTF_8)).doesNotContain("telling");
    }

    @Test
    void doesNotOpenWhatWasSealedForAnotherRow() {
        var sealed = vault.seal(PLACE, "secret");

        assertThatThrownBy(() -> vault.open("cluster/ca_key/clu_2", sealed))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("clu_2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void doesNotOpenWithAnotherKey() {
        var sealed = new Vault(key('b')).seal(PLACE, "secret");

        assertThatThrownBy(() -> vault.open(PLACE, sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noticesEveryChangedByte() {
        var sealed = vault.seal(PLACE, "secret");

        for (int position = 0; position < sealed.length; position++) {
            var changed = sealed.clone();
            changed[position] ^= 1;
            assertThatThrownBy(() -> vault.open(PLACE, changed))
                    .as("byte %d", position)
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> vault.open(PLACE, new byte[3]))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void derivesTheSameFromOneNameAndKeyOnly() {
        assertThat(vault.derive("x"))
                .isEqualTo(new Vault(key('a')).derive("x"))
                .isNotEqualTo(vault.derive("y"))
                .isNotEqualTo(new Vault(key('b')).derive("x"));
    }

    @Test
    void refusesKeysThatAreNone() {
        var tooShort = Base64.getEncoder().encodeToString(new byte[16]);

        assertThatThrownBy(() -> new Vault(tooShort)).hasMessageContaining("32 bytes");
        assertThatThrownBy(() -> new Vault("%%")).hasMessageContaining("not base64");
    }

    private static String key(char character) {
        return Base64.getEncoder()
                .encodeToString(Character.toString(character).repeat(32).getBytes(UTF_8));
    }
}
