package io.penstock.controlplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads server-sent events as a browser does, without coming again. */
public final class EventReader implements AutoCloseable {
    private static final Pattern TIME = Pattern.compile("\"at\":\"([^\"]+)\"");

    private final HttpClient client;
    private final BufferedReader lines;

    public record Event(long id, String type, String data) {
        /** When it was written. */
        public Instant at() {
            var matcher = TIME.matcher(data);
            assertThat(matcher.find()).as(data).isTrue();
            return Instant.parse(matcher.group(1));
        }
    }

    private EventReader(HttpClient client, BufferedReader lines) {
        this.client = client;
        this.lines = lines;
    }

    public static EventReader open(URI stream, String token, String lastEventId)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stream).header("Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var client = HttpClient.newHttpClient();
        var response = client.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        return new EventReader(
                client, new BufferedReader(new InputStreamReader(response.body(), UTF_8)));
    }

    /** Waits for the stream's first comment. */
    public void awaitOpen() throws IOException {
        assertThat(lines.readLine()).startsWith(":");
    }

    /** The next event, or null at the end of the stream. */
    public Event next() throws IOException {
        long id = 0;
        String type = null;
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && type != null) {
                return new Event(id, type, data.toString());
            } else if (line.startsWith("id:")) {
                id = Long.parseLong(line.substring(3).strip());
            } else if (line.startsWith("event:")) {
                type = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }
        return null;
    }

    public List<Event> untilEnd() throws IOException {
        List<Event> events = new ArrayList<>();
        for (var event = next(); event != null; event = next()) {
            events.add(event);
        }
        return events;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
