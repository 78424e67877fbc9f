import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import type { CreatedCredential, Preset } from '@/api/client';
import { CopyField } from '@/components/CopyField';
import { DialogForm } from '@/components/DialogForm';
import type { ClusterPath } from '@/features/clusters';
import { prefixError, usernameError } from '@/lib/names';
import { type CredentialDraft, useCreateCredential } from './queries';

const presets: { value: Preset; label: string; description: string }[] = [
  { value: 'producer', label: 'Producer', description: 'Writes to topics' },
  { value: 'consumer', label: 'Consumer', description: 'Reads topics, in groups' },
  { value: 'admin', label: 'Admin', description: 'Both, and creates, changes and deletes topics' },
];

interface CreateCredentialProps {
  path: ClusterPath;
  variant?: 'filled' | 'default';
  onCreated?: (credential: CreatedCredential) => void;
}

export function CreateCredential({ path, variant = 'filled', onCreated }: CreateCredentialProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant={variant} leftSection={<IconKey size={16} aria-hidden="true" />} onClick={open}>
        Create credential
      </Button>
      <Modal opened={opened} onClose={close} title="Create credential" closeOnClickOutside={false} size="lg">
        <CredentialForm path={path} onDone={close} onCreated={onCreated} />
      </Modal>
    </>
  );
}

interface CredentialFormProps {
  path: ClusterPath;
  onDone: () => void;
  onCreated: ((credential: CreatedCredential) => void) | undefined;
}

function CredentialForm({ path, onDone, onCreated }: CredentialFormProps) {
  const create = useCreateCredential(path);
  const form = useForm<CredentialDraft>({
    initialValues: { principal: '', preset: 'producer', prefix: '' },
    validate: { principal: usernameError, prefix: prefixError },
    validateInputOnBlur: true,
  });
  if (create.data) return <Secret credential={create.data} onDone={onDone} />;

  return (
    <DialogForm
      form={form}
      create={create}
      onCreated={(credential) => onCreated?.(credential)}
      onCancel={onDone}
    >
      <TextInput
        label="User"
        description="The application that will sign in; a new name makes a new user"
        placeholder="orders-service"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('principal')}
      />
      <Radio.Group label="May do" {...form.getInputProps('preset')}>
        <Stack gap="xs" mt={6}>
          {presets.map(({ value, label, description }) => (
            <Radio key={value} value={value} label={label} description={description} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label="Prefix"
        description="Of the topics, groups and transactional ids it may use; empty means all"
        placeholder="orders-"
        autoComplete="off"
        {...form.getInputProps('prefix')}
      />
    </DialogForm>
  );
}

function Secret({ credential, onDone }: { credential: CreatedCredential; onDone: () => void }) {
  return (
    <Stack>
      <Alert
        color="orange"
        variant="light"
        icon={<IconAlertTriangle aria-hidden="true" />}
        title="Copy the password now"
      >
        <Text size="sm" c="var(--mantine-color-text)">
          It is shown this once. A lost password cannot be read again: create another credential.
        </Text>
      </Alert>
      <CopyField label="Username" value={credential.username} />
      <CopyField label="Password" value={credential.password} />
      <Group justify="flex-end">
        <Button onClick={onDone}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
