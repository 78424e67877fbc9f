import { Button, Container, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { SessionEnded } from '@/api/session';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';

export function PageError({ error, reset }: ErrorComponentProps) {
  if (error instanceof SessionEnded) return null;
  return (
    <Container py="xl" w="100%">
      <ErrorState title="This page could not be shown" error={error} onRetry={reset} />
    </Container>
  );
}

export function NotFound() {
  return (
    <Stack py="xl">
      <EmptyState
        title="There is no such page"
        description="The address may be mistyped, or what it showed is gone."
        action={
          <Button component={Link} to="/">
            To the clusters
          </Button>
        }
      />
    </Stack>
  );
}
