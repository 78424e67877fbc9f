import { NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { IconDatabase, type TablerIcon } from '@tabler/icons-react';
import { Link, linkOptions, useMatchRoute } from '@tanstack/react-router';

interface NavigationProps {
  project: string;
  onNavigate: () => void;
}

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

export function Navigation({ project, onNavigate }: NavigationProps) {
  const matches = useMatchRoute();
  const sections = projectLinks(project);
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
