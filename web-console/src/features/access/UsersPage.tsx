import { Badge, Button, Card, Group, Skeleton, Stack, Table, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Credential } from '@/api/client';
import { DangerAction } from '@/components/DangerAction';
import { DataTable } from '@/components/DataTable';
import { EmptyState } from '@/components/EmptyState';
import { ErrorState } from '@/components/ErrorState';
import { PageHeader } from '@/components/PageHeader';
import type { ClusterPath } from '@/features/clusters';
import { mayDevelop, useProject } from '@/features/session';
import { formatAge, formatUtc } from '@/lib/format';
import { CreateCredential } from './CreateCredential';
import { credentialsQuery, principalsQuery, useDeleteCredential } from './queries';

const columns = [
  { title: 'Username' },
  { title: 'May' },
  { title: 'Prefix' },
  { title: 'Created' },
  { title: 'Actions', hidden: true },
];

export function UsersPage({ path }: { path: ClusterPath }) {
  const allowed = mayDevelop(useProject(path.project).role);
  const principals = useInfiniteQuery(principalsQuery(path));
  const items = principals.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="lg">
      <PageHeader
        title="Users"
        description="Who signs in to this cluster, and what each credential may do"
        actions={allowed && items.length > 0 ? <CreateCredential path={path} /> : undefined}
      />
      {principals.isPending ? (
        <Skeleton h={200} radius="lg" />
      ) : principals.isError && items.length === 0 ? (
        <ErrorState
          title="The users could not be loaded"
          error={principals.error}
          onRetry={() => principals.refetch()}
        />
      ) : items.length === 0 ? (
        <EmptyState
          icon={IconLock}
          title="No users yet"
          description="Applications sign in with a username and password that are valid in this cluster only."
          action={allowed ? <CreateCredential path={path} /> : undefined}
        />
      ) : (
        items.map(({ name }) => <PrincipalCard key={name} path={path} principal={name} allowed={allowed} />)
      )}
      {principals.hasNextPage && (
        <Button variant="default" mx="auto" onClick={() => principals.fetchNextPage()}>
          Show more
        </Button>
      )}
    </Stack>
  );
}

function PrincipalCard({
  path,
  principal,
  allowed,
}: {
  path: ClusterPath;
  principal: string;
  allowed: boolean;
}) {
  const credentials = useInfiniteQuery(credentialsQuery(path, principal));
  const heading = (
    <Title order={2} size="h5" px="lg" pt="lg" pb="xs">
      {principal}
    </Title>
  );
  if (credentials.isPending) return <Skeleton h={120} radius="lg" />;
  const items = credentials.data?.pages.flatMap((page) => page.items) ?? [];
  if (credentials.isError && items.length === 0) {
    return (
      <ErrorState
        title={`The credentials of ${principal} could not be loaded`}
        error={credentials.error}
        onRetry={() => credentials.refetch()}
      />
    );
  }
  if (items.length === 0) return <Card padding={0}>{heading}</Card>;
  return (
    <DataTable label={`Credentials of ${principal}`} columns={columns} heading={heading}>
      {items.map((credential) => (
        <CredentialRow key={credential.id} path={path} credential={credential} allowed={allowed} />
      ))}
    </DataTable>
  );
}

function CredentialRow({
  path,
  credential,
  allowed,
}: {
  path: ClusterPath;
  credential: Credential;
  allowed: boolean;
}) {
  const remove = useDeleteCredential(path);
  return (
    <Table.Tr>
      <Table.Td ff="monospace" fz="sm" style={{ whiteSpace: 'nowrap' }}>
        {credential.username}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" miw="max-content">
          {credential.preset}
        </Badge>
      </Table.Td>
      <Table.Td>{credential.prefix === '' ? 'everything' : `${credential.prefix}…`}</Table.Td>
      <Table.Td title={formatUtc(credential.created_at)} style={{ whiteSpace: 'nowrap' }}>
        {formatAge(credential.created_at)}
      </Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          {allowed && (
            <DangerAction
              label="Revoke"
              describedAs={`Revoke ${credential.username}`}
              title={`Revoke ${credential.username}?`}
              consequence="Applications that sign in with it are refused from now on."
              confirm="Revoke"
              button={{ size: 'xs', variant: 'default' }}
              pending={remove.isPending}
              error={remove.error?.message ?? null}
              onConfirm={() =>
                remove.mutateAsync({ principal: credential.principal, credential: credential.id })
              }
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
