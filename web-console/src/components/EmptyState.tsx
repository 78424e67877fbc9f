import { Card, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconInbox, type TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  description: ReactNode;
  action?: ReactNode;
  icon?: TablerIcon;
}

export function EmptyState({ title, description, action, icon: Icon = IconInbox }: EmptyStateProps) {
  return (
    <Card py={56}>
      <Stack align="center" gap="sm" ta="center">
        <ThemeIcon size={52} radius="xl" variant="light">
          <Icon size={26} stroke={1.5} aria-hidden="true" />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="sm" c="dimmed" maw={460}>
          {description}
        </Text>
        {action}
      </Stack>
    </Card>
  );
}
