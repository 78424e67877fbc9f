import { Alert, Button, Group, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ClusterPath } from '@/features/clusters';
import { topicNameError } from '@/lib/names';
import { formProblem } from '@/lib/problems';
import { useCreateTopic } from './queries';

const fields = ['name', 'partitions', 'configs'];
const DAY = 86_400_000;
const retentions = [
  { value: 'default', label: 'The cluster’s default' },
  { value: String(DAY), label: '1 day' },
  { value: String(7 * DAY), label: '7 days' },
  { value: String(30 * DAY), label: '30 days' },
  { value: '-1', label: 'Forever' },
];

const partitionsError = (partitions: unknown) =>
  typeof partitions === 'number' && Number.isInteger(partitions) && partitions >= 1 && partitions <= 1000
    ? null
    : 'Give 1 to 1000 partitions';

interface CreateTopicProps {
  path: ClusterPath;
  opened: boolean;
  onClose: () => void;
}

export function CreateTopic({ path, opened, onClose }: CreateTopicProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Create topic"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <TopicForm path={path} onDone={onClose} />
    </Modal>
  );
}

function TopicForm({ path, onDone }: { path: ClusterPath; onDone: () => void }) {
  const create = useCreateTopic(path);
  const form = useForm({
    initialValues: { name: '', partitions: 6, retention: 'default' },
    validate: { name: topicNameError, partitions: partitionsError },
    validateInputOnBlur: true,
  });
  const message = create.error ? formProblem(create.error, fields).message : null;
  const submit = form.onSubmit(({ name, partitions, retention }) =>
    create.mutate(
      { name, partitions, configs: retention === 'default' ? {} : { 'retention.ms': retention } },
      {
        onSuccess: onDone,
        onError: (error) => form.setErrors(formProblem(error, fields).fields),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {message && (
          <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden="true" />}>
            {message}
          </Alert>
        )}
        <TextInput
          label="Name"
          placeholder="orders"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <NumberInput
          label="Partitions"
          description="Consumers of one group share them; may be raised later, never lowered"
          min={1}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps('partitions')}
        />
        <Select
          label="Records are kept"
          data={retentions}
          allowDeselect={false}
          {...form.getInputProps('retention')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
