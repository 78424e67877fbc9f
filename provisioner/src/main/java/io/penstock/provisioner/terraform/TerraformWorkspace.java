package io.penstock.provisioner.terraform;

import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.penstock.provisioner.terraform.TerraformEvent.Diagnostic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The infrastructure of one cluster. Both operations are idempotent and may be repeated after any
 * failure, the death of this JVM included: a second run waits until what is left of the first has
 * ended, then goes on from the state it saved, and node drivers adopt or clear what the state does
 * not know.
 *
 * <p>Within one cluster only one run happens at a time, over all processes of this host. A caller
 * whose epoch is older than one that ran before is refused.
 */
public final class TerraformWorkspace {
    private static final Logger LOG = LoggerFactory.getLogger(TerraformWorkspace.class);
    private static final Duration PREPARATION_LIMIT = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

    private final TerraformSettings settings;
    private final String clusterId;
    private final WorkspaceFolder folder;
    private final StateSchema schema;
    private final TerraformRunner runner;

    public TerraformWorkspace(TerraformSettings settings, String clusterId) {
        this.settings = settings;
        this.clusterId = ClusterLayout.requireClusterId(clusterId);
        this.folder = new WorkspaceFolder(settings, clusterId);
        this.schema = new StateSchema(settings.databaseUrl(), clusterId);
        this.runner = new TerraformRunner(settings, folder, schema.name());
    }

    /**
     * Makes the infrastructure what the input says. Blocks until done; an interrupt stops Terraform
     * in an orderly way first.
     *
     * @param epoch grows with every take-over of this cluster's operations
     * @param events receives what happens, on the calling thread
     * @return the nodes by name
     */
    public Map<String, PlatformNode> apply(
            PlatformInput input, long epoch, Consumer<TerraformEvent> events)
            throws TerraformFailedException, InterruptedException {
        if (!input.layout().clusterId().equals(clusterId)) {
            throw new IllegalArgumentException(
                    "the workspace of " + clusterId + " cannot hold " + input.layout().clusterId());
        }
        stopIfInterrupted();
        folder.write(RootModule.of(input, folder));
        initialize(epoch);
        OutputReader output = new OutputReader(events);
        run(TerraformCommand.apply(), epoch, input.tokens(), settings.applyLimit(), output);
        return output.nodes();
    }

    /**
     * Removes all nodes with their volumes, whatever else bears the cluster's id, and the state
     * itself.
     *
     * @param epoch grows with every take-over of this cluster's operations
     * @param events receives what happens, on the calling thread
     */
    public void destroy(long epoch, Consumer<TerraformEvent> events)
            throws TerraformFailedException, InterruptedException {
        stopIfInterrupted();
        folder.write(RootModule.withoutNodes(clusterId, folder));
        OutputReader output = new OutputReader(events);
        if (schema.exists()) {
            initialize(epoch);
            run(TerraformCommand.destroy(), epoch, Map.of(), settings.applyLimit(), output);
        }
        // Terraform forgets a node whose creation was interrupted without running its destroy
        // provisioner, and a state may have been lost: what is left is found by the cluster's id.
        run(folder.sweep(), epoch, Map.of(), PREPARATION_LIMIT, output);
        schema.drop();
        folder.delete();
    }

    /**
     * Until a state has been written once, Terraform locks the creation of workspaces
     * database-wide, and the first apply of every other cluster fails meanwhile. So an empty state
     * is written first, under a lock of our own, and applies then lock a row each.
     */
    private void initialize(long epoch) throws TerraformFailedException, InterruptedException {
        OutputReader quiet =
                new OutputReader(event -> LOG.debug("{}: {}", clusterId, event.message()));
        if (schema.hasState()) {
            run(TerraformCommand.init(), epoch, Map.of(), PREPARATION_LIMIT, quiet);
            return;
        }
        try (StateSchema.CreationLock lock = schema.lockCreation()) {
            run(TerraformCommand.init(), epoch, Map.of(), PREPARATION_LIMIT, quiet);
            if (!schema.hasState()) {
                LOG.debug("{}: writing the first state under {}", clusterId, lock);
                folder.writeEmptyState();
                run(TerraformCommand.pushEmptyState(), epoch, Map.of(), PREPARATION_LIMIT, quiet);
            }
        }
    }

    /** Files cannot be written by an interrupted thread. */
    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before Terraform was started");
        }
    }

    private void run(
            List<String> command,
            long epoch,
            Map<String, EnrolmentToken> tokens,
            Duration limit,
            OutputReader output)
            throws TerraformFailedException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            int errorsBefore = output.errors().size();
            RunResult result = runner.run(command, epoch, tokens, limit, output);
            if (result instanceof RunResult.Succeeded) {
                return;
            }
            boolean again = result instanceof RunResult.Failed && output.lockedForCreation();
            if (!again || pause.compareTo(LONGEST_PAUSE) > 0) {
                List<Diagnostic> errors = output.errors();
                throw new TerraformFailedException(
                        result.describe(command.getFirst() + " " + command.get(1))
                                + reason(errors.subList(errorsBefore, errors.size()), output),
                        errors);
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
            output.forgetLock();
        }
    }

    private static String reason(List<Diagnostic> errors, OutputReader output) {
        return errors.isEmpty() ? ": " + output.lastLines() : ": " + errors.getFirst().message();
    }
}
