import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { ApiError } from '@/api/client';

interface ErrorStateProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
}

export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  const requestId = error instanceof ApiError ? error.problem.request_id : '';
  return (
    <Card role="alert">
      <Group align="flex-start" wrap="nowrap">
        <IconAlertTriangle size={22} color="var(--mantine-color-orange-6)" aria-hidden="true" />
        <Stack gap={6} flex={1}>
          <Title order={2} size="h5">
            {title}
          </Title>
          <Text size="sm">{error instanceof Error ? error.message : 'Something went wrong'}</Text>
          {requestId && (
            <Text size="xs" c="dimmed" ff="monospace">
              Request {requestId}
            </Text>
          )}
          {onRetry && (
            <Button
              mt="xs"
              variant="default"
              w="max-content"
              leftSection={<IconRefresh size={16} aria-hidden="true" />}
              onClick={onRetry}
            >
              Try again
            </Button>
          )}
        </Stack>
      </Group>
    </Card>
  );
}
