package io.penstock.provisioner.terraform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.provisioner.terraform.TerraformEvent.Diagnostic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes typed events of Terraform's output, one line at a time, and keeps what the caller needs
 * afterwards. Lines that are no JSON, such as those of a crash, become plain messages.
 */
final class OutputReader implements Consumer<String> {
    private static final Logger LOG = LoggerFactory.getLogger(OutputReader.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOCKED_FOR_CREATION = "locked for workspace creation";
    private static final int LAST_LINES = 8;

    private final Consumer<TerraformEvent> events;
    private final List<Diagnostic> errors = new ArrayList<>();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private Map<String, PlatformNode> nodes = Map.of();
    private boolean lockedForCreation;

    OutputReader(Consumer<TerraformEvent> events) {
        this.events = events;
    }

    @Override
    public void accept(String line) {
        if (line.isBlank()) {
            return;
        }
        lockedForCreation |= line.toLowerCase(java.util.Locale.ROOT).contains(LOCKED_FOR_CREATION);
        remember(line);
        TerraformEvent event = parse(line);
        if (event instanceof Diagnostic diagnostic
                && diagnostic.severity() == Diagnostic.Severity.ERROR) {
            errors.add(diagnostic);
        }
        try {
            events.accept(event);
        } catch (RuntimeException e) {
            // Whoever watches must not be able to stop what runs.
            LOG.warn("an event could not be delivered: {}", event, e);
        }
    }

    List<Diagnostic> errors() {
        return List.copyOf(errors);
    }

    /** From the outputs that a successful apply ends with. */
    Map<String, PlatformNode> nodes() {
        return nodes;
    }

    boolean lockedForCreation() {
        return lockedForCreation;
    }

    void forgetLock() {
        lockedForCreation = false;
        errors.removeIf(
                error ->
                        error.message()
                                .toLowerCase(java.util.Locale.ROOT)
                                .contains(LOCKED_FOR_CREATION));
    }

    String lastLines() {
        return String.join(" | ", lastLines);
    }

    private void remember(String line) {
        if (lastLines.size() == LAST_LINES) {
            lastLines.removeFirst();
        }
        lastLines.addLast(line);
    }

    private TerraformEvent parse(String line) {
        if (!line.startsWith("{")) {
            return new TerraformEvent.Message(line);
        }
        try {
            return event(JSON.readTree(line), line);
        } catch (JsonProcessingException e) {
            return new TerraformEvent.Message(line);
        }
    }

    private TerraformEvent event(JsonNode json, String line) {
        String message = json.path("@message").asText(line);
        JsonNode hook = json.path("hook");
        String address = hook.path("resource").path("addr").asText();
        String action = hook.path("action").asText();
        long elapsed = hook.path("elapsed_seconds").asLong();
        return switch (json.path("type").asText()) {
            case "planned_change" -> {
                JsonNode change = json.path("change");
                yield new TerraformEvent.Planned(
                        change.path("resource").path("addr").asText(),
                        change.path("action").asText(),
                        message);
            }
            case "apply_start" -> new TerraformEvent.Started(address, action, message);
            case "apply_progress" -> new TerraformEvent.Progress(address, action, elapsed, message);
            case "apply_complete" ->
                    new TerraformEvent.Completed(address, action, elapsed, message);
            case "apply_errored" -> new TerraformEvent.Failed(address, action, elapsed, message);
            case "provision_progress" ->
                    new TerraformEvent.DriverOutput(address, hook.path("output").asText(message));
            case "diagnostic" -> diagnostic(json.path("diagnostic"));
            case "change_summary" -> {
                JsonNode changes = json.path("changes");
                yield new TerraformEvent.Summary(
                        changes.path("add").asInt(),
                        changes.path("change").asInt(),
                        changes.path("remove").asInt(),
                        changes.path("operation").asText(),
                        message);
            }
            case "outputs" -> {
                readNodes(json.path("outputs").path("nodes").path("value"));
                yield new TerraformEvent.Message(message);
            }
            default -> new TerraformEvent.Message(message);
        };
    }

    private static Diagnostic diagnostic(JsonNode json) {
        Diagnostic.Severity severity =
                json.path("severity").asText().equals("error")
                        ? Diagnostic.Severity.ERROR
                        : Diagnostic.Severity.WARNING;
        return new Diagnostic(
                severity, json.path("summary").asText(), json.path("detail").asText());
    }

    private void readNodes(JsonNode value) {
        Map<String, PlatformNode> read = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> node : value.properties()) {
            read.put(
                    node.getKey(),
                    new PlatformNode(
                            node.getKey(),
                            node.getValue().path("id").asText(),
                            node.getValue().path("address").asText()));
        }
        if (!read.isEmpty()) {
            nodes = Map.copyOf(read);
        }
    }
}
