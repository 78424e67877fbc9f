import { Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { stateLabel } from './presentation';
import { type ClusterPath, clusterQuery } from './queries';

/** Where the header says which cluster this is; the state stands there only while it is not the usual one. */
export function ClusterCrumb(path: ClusterPath) {
  const { data } = useQuery(clusterQuery(path));
  if (!data) return null;
  const { name, status } = data.cluster;
  return (
    <>
      <Text size="sm" fw={600} span truncate>
        {name}
      </Text>
      {status.state !== 'ACTIVE' && (
        <Badge variant="light" visibleFrom="xs" miw="max-content">
          {stateLabel(status.state)}
        </Badge>
      )}
    </>
  );
}
