package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;

/** The console's journeys in a real browser, against the running installation. */
@Tag("browser")
class BrowserTest {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    @Test
    void theConsolesJourneysSucceed() throws Exception {
        var installation = Installation.running();
        var console = installation.checkout().resolve("web-console");
        var environment = new HashMap<String, String>();
        environment.put("PENSTOCK_URL", installation.url());
        environment.put("PENSTOCK_USER", "alice");
        environment.put("PENSTOCK_PASSWORD", installation.demoPassword());
        environment.put("PENSTOCK_CHROMIUM", System.getProperty("penstock.chromium"));

        var output =
                Commands.run(
                        LIMIT,
                        console,
                        environment,
                        "",
                        List.of("npx", "--no-install", "playwright", "test", "--reporter=list"));

        System.out.println(output.standard());
        assertThat(output.status()).as(output.standard() + output.error()).isZero();
        assertThat(output.standard()).contains("passed").doesNotContain("skipped");
    }
}
