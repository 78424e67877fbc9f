import { Button, type ButtonProps, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';

interface DangerActionProps {
  label: string;
  /** For assistive technology, when the label alone does not say what of. */
  describedAs?: string;
  title: string;
  consequence: ReactNode;
  confirm: string;
  /** What has to be typed before it can be done. */
  typedName?: string;
  pending: boolean;
  error: string | null;
  disabled?: boolean;
  button?: ButtonProps;
  /** Resolves when it is done; the dialog closes then. */
  onConfirm: () => Promise<unknown>;
}

/** An action that cannot be undone, behind a dialog that says what will be lost. */
export function DangerAction(props: DangerActionProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        color="red"
        variant="outline"
        {...props.button}
        disabled={props.disabled ?? false}
        aria-label={props.describedAs}
        onClick={open}
      >
        {props.label}
      </Button>
      <Modal opened={opened} onClose={close} title={props.title}>
        <Confirmation {...props} onDone={close} />
      </Modal>
    </>
  );
}

function Confirmation({ typedName, ...props }: DangerActionProps & { onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const ready = typedName === undefined || typed === typedName;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !props.pending) props.onConfirm().then(props.onDone, () => undefined);
      }}
    >
      <Stack>
        <Text size="sm" component="div">
          {props.consequence}
        </Text>
        {typedName !== undefined && (
          <TextInput
            label={`Type “${typedName}” to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {props.error && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {props.error}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onDone}>
            Cancel
          </Button>
          <Button type="submit" color="red" disabled={!ready} loading={props.pending}>
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
