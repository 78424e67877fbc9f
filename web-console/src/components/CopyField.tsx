import { ActionIcon, Code, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyActionProps {
  value: string;
  label: string;
}

export function CopyAction({ value, label }: CopyActionProps) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : label}>
          <ActionIcon variant="default" size={32} onClick={copy} aria-label={copied ? 'Copied' : label}>
            {copied ? <IconCheck size={15} aria-hidden="true" /> : <IconCopy size={15} aria-hidden="true" />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** A short value that is meant to be taken elsewhere. */
export function CopyField({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code block flex={1} tabIndex={0} role="region" aria-label={label} bg="var(--console-code)" fz="sm">
          {value}
        </Code>
        <CopyAction value={value} label={`Copy ${label.toLowerCase()}`} />
      </Group>
    </div>
  );
}
