import { NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import {
  IconDatabase,
  IconLayoutDashboard,
  IconLock,
  IconMessages,
  IconPlug,
  IconSettings,
  IconTimeline,
  type TablerIcon,
} from '@tabler/icons-react';
import { Link, linkOptions, useMatchRoute } from '@tanstack/react-router';

interface NavigationProps {
  project: string;
  cluster: string | undefined;
  onNavigate: () => void;
}

const CLUSTER = '/projects/$project/clusters/$cluster';

function projectLinks(project: string) {
  return [
    {
      title: undefined,
      items: [
        {
          label: 'Clusters',
          icon: IconDatabase,
          link: linkOptions({ to: '/projects/$project/clusters', params: { project } }),
        },
      ],
    },
  ];
}

function clusterLinks(project: string, cluster: string) {
  const params = { project, cluster };
  return [
    {
      title: undefined,
      items: [
        {
          label: 'Overview',
          icon: IconLayoutDashboard,
          link: linkOptions({ to: `${CLUSTER}/overview`, params }),
        },
        { label: 'Connect', icon: IconPlug, link: linkOptions({ to: `${CLUSTER}/connect`, params }) },
      ],
    },
    {
      title: 'Data',
      items: [
        { label: 'Topics', icon: IconMessages, link: linkOptions({ to: `${CLUSTER}/topics`, params }) },
        { label: 'Users', icon: IconLock, link: linkOptions({ to: `${CLUSTER}/users`, params }) },
      ],
    },
    {
      title: 'Operate',
      items: [
        {
          label: 'Operations',
          icon: IconTimeline,
          link: linkOptions({ to: `${CLUSTER}/operations`, params }),
        },
        { label: 'Settings', icon: IconSettings, link: linkOptions({ to: `${CLUSTER}/settings`, params }) },
      ],
    },
  ];
}

export function Navigation({ project, cluster, onNavigate }: NavigationProps) {
  const matches = useMatchRoute();
  const sections = cluster ? clusterLinks(project, cluster) : projectLinks(project);
  return (
    <ScrollArea>
      <Stack gap="md">
        {sections.map(({ title, items }) => (
          <div key={title ?? 'first'}>
            {title && (
              <Text size="xs" fw={600} c="dimmed" px="sm" mb={4}>
                {title}
              </Text>
            )}
            {items.map(({ label, icon, link }) => (
              <Entry
                key={label}
                label={label}
                icon={icon}
                link={link}
                active={Boolean(matches({ ...link, fuzzy: true }))}
                onNavigate={onNavigate}
              />
            ))}
          </div>
        ))}
      </Stack>
    </ScrollArea>
  );
}

interface EntryProps {
  label: string;
  icon: TablerIcon;
  link: object;
  active: boolean;
  onNavigate: () => void;
}

function Entry({ label, icon: Icon, link, active, onNavigate }: EntryProps) {
  return (
    <NavLink
      component={Link}
      {...link}
      label={label}
      active={active}
      aria-current={active ? 'page' : undefined}
      leftSection={<Icon size={17} stroke={1.6} aria-hidden="true" />}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
      onClick={onNavigate}
    />
  );
}
