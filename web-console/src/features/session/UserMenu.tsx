import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import type { Me } from '@/api/client';

export function UserMenu({ me }: { me: Me }) {
  const role = me.projects[0]?.role;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${me.username}`}>
          <Avatar name={me.username} size={34} radius="xl" color="indigo" variant="filled" alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label component="div">
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {me.username}
          </Text>
          <Text size="xs" c="dimmed">
            {role ? `${role} of ${me.organization.name}` : me.organization.name}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component="a" href="/logout" leftSection={<IconLogout size={16} aria-hidden="true" />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
