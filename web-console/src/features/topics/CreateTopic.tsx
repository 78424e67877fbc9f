import { Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DialogForm } from '@/components/DialogForm';
import type { ClusterPath } from '@/features/clusters';
import { topicNameError } from '@/lib/names';
import { type TopicDraft, useCreateTopic } from './queries';

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
    <Modal opened={opened} onClose={onClose} title="Create topic">
      <TopicForm path={path} onDone={onClose} />
    </Modal>
  );
}

function TopicForm({ path, onDone }: { path: ClusterPath; onDone: () => void }) {
  const create = useCreateTopic(path);
  const form = useForm<TopicDraft>({
    initialValues: { name: '', partitions: 6, retention: 'default' },
    validate: { name: topicNameError, partitions: partitionsError },
    validateInputOnBlur: true,
  });
  return (
    <DialogForm form={form} create={create} onCreated={onDone} onCancel={onDone}>
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
    </DialogForm>
  );
}
