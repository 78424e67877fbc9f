import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { Logo } from '@/components/Logo';
import { ClusterCrumb } from '@/features/clusters';
import { meQuery, UserMenu } from '@/features/session';
import { Navigation } from './Navigation';
import classes from './Shell.module.css';

function ColorSchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Use the light colour scheme' : 'Use the dark colour scheme';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={18} aria-hidden="true" /> : <IconMoon size={18} aria-hidden="true" />}
      </ActionIcon>
    </Tooltip>
  );
}

export function Shell() {
  const { data: me } = useSuspenseQuery(meQuery());
  const [open, { toggle, close }] = useDisclosure();
  const { project = me.projects[0]?.name ?? '', cluster } = useParams({ strict: false });
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <AppShell.Header px="lg">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0} component="nav" aria-label="Breadcrumb">
            <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Link
              to="/projects/$project/clusters"
              params={{ project }}
              className={classes.crumb}
              aria-label="Clusters"
            >
              <Logo />
            </Link>
            <Link to="/projects/$project/clusters" params={{ project }} className={classes.crumb}>
              <Text size="sm" fw={600} span>
                {me.organization.name}
              </Text>
            </Link>
            {cluster && (
              <>
                <Text c="dimmed" aria-hidden="true">
                  /
                </Text>
                <ClusterCrumb project={project} cluster={cluster} />
              </>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorSchemeSwitch />
            <UserMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={cluster ? 'Cluster' : 'Project'}>
        <Navigation project={project} cluster={cluster} onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
