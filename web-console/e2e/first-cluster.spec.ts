import { expect, test } from '@playwright/test';
import { inspect } from './inspect';

const user = process.env.PENSTOCK_USER;
const password = process.env.PENSTOCK_PASSWORD;
const cluster = `journey-${Date.now().toString(36)}`;

test('a tenant gets a first cluster, connects to it and deletes it', async ({ page }) => {
  if (!user || !password) throw new Error('PENSTOCK_USER and PENSTOCK_PASSWORD must be set');
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  const foreign: string[] = [];

  await test.step('sign in through the identity provider and come back', async () => {
    await page.goto('/projects/default/clusters');
    await page.getByLabel('Username or email').fill(user);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign In' }).click();
    await expect(page.getByRole('heading', { name: 'Clusters', level: 1 })).toBeVisible();
    await expect(page).toHaveURL(/\/projects\/default\/clusters$/);
    const origin = new URL(page.url()).origin;
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
  });

  await test.step('create a cluster of one broker', async () => {
    const first = page.getByRole('link', { name: 'Create the first cluster' });
    const create = first.or(page.getByRole('link', { name: 'Create cluster' }));
    await expect(create).toBeVisible();
    await inspect(page, 'clusters-before');
    await create.click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Wrong Name');
    await expect(page.getByText('Start with a lowercase letter')).toBeVisible();
    await page.getByRole('textbox', { name: 'Name' }).fill(cluster);
    await page.getByRole('textbox', { name: 'Brokers' }).fill('1');
    await expect(page.getByRole('region', { name: 'curl command' })).toContainText(
      `"name":"${cluster}","plan":"small","brokers":1,"zookeeper_nodes":1`,
    );
    await inspect(page, 'create');
    await page.getByRole('button', { name: 'Create cluster' }).click();
  });

  await test.step('watch it until it is active, without reloading', async () => {
    await expect(page.getByRole('heading', { name: cluster, level: 1 })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Steps' })).toContainText(': done');
    await inspect(page, 'creating');
    await expect(page.getByRole('heading', { name: 'Connect' })).toBeVisible({ timeout: 10 * 60_000 });
    await expect(page.getByText('1 of 1')).toHaveCount(2);
    await expect(page.getByText('All nodes under one user of one machine')).toBeVisible();
  });

  await test.step('endpoints and snippets hold real values', async () => {
    const servers = page.getByRole('region', { name: 'Bootstrap servers' });
    await expect(servers).toHaveText(/^127\.\d+\.\d+\.\d+:9094$/);
    const address = (await servers.textContent()) ?? '';
    for (const language of ['Java', 'Python', 'Go', 'Node', 'kcat', 'Properties']) {
      await page.getByRole('tab', { name: language }).click();
      await expect(page.getByRole('region', { name: `${language} snippet` })).toContainText(address);
    }
    await page.getByRole('tab', { name: 'Java' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: `${cluster}-ca.pem` }).click();
    expect((await download).suggestedFilename()).toBe(`${cluster}-ca.pem`);
  });

  await test.step('create a credential, whose password is shown once', async () => {
    await page.getByRole('button', { name: 'Create credential' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create credential' });
    await dialog.getByRole('textbox', { name: 'User' }).fill('orders-service');
    await dialog.getByRole('radio', { name: 'Admin' }).click();
    await dialog.getByRole('textbox', { name: 'Prefix' }).fill('orders');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const username = (await dialog.getByRole('region', { name: 'Username' }).textContent()) ?? '';
    const secret = (await dialog.getByRole('region', { name: 'Password' }).textContent()) ?? '';
    expect(secret.length).toBeGreaterThanOrEqual(16);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await expect(page.getByText(secret)).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Java snippet' })).toContainText(username);
  });

  await test.step('create and delete a topic', async () => {
    await page.getByRole('link', { name: 'Create topic' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create topic' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('orders');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const row = page.getByRole('row', { name: /^orders/ });
    await expect(row.getByRole('cell').nth(2), 'replicas on one broker').toHaveText('1');
    await expect(row.getByRole('cell').nth(3), 'that must be in sync').toHaveText('1');
    await dialog.waitFor({ state: 'detached' });
    await inspect(page, 'topics');
    await page.getByRole('button', { name: 'Delete orders' }).click();
    const confirmation = page.getByRole('dialog', { name: 'Delete orders?' });
    await confirmation.getByRole('textbox').fill('orders');
    await confirmation.getByRole('button', { name: 'Delete topic' }).click();
    await expect(page.getByRole('heading', { name: 'No topics yet' })).toBeVisible();
  });

  await test.step('every other page', async () => {
    const navigation = page.getByRole('navigation', { name: 'Cluster' });
    await navigation.getByRole('link', { name: 'Overview' }).click();
    await expect(page.getByRole('heading', { name: 'Connect' })).toBeVisible();
    await inspect(page, 'overview');
    await navigation.getByRole('link', { name: 'Connect' }).click();
    await expect(page.getByRole('region', { name: 'Bootstrap servers' })).toBeVisible();
    await inspect(page, 'connect');
    await navigation.getByRole('link', { name: 'Users' }).click();
    await expect(page.getByRole('heading', { name: 'orders-service' })).toBeVisible();
    await inspect(page, 'users');
    await navigation.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('link', { name: 'Create cluster' }).click();
    await expect(page.getByRole('list', { name: 'Steps' })).toBeVisible();
    await inspect(page, 'operation');
    await test.step('its log is whole, also after a reload', async () => {
      const log = page.getByRole('log', { name: 'Log of the operation' });
      await expect(log).toContainText('Apply complete!');
      const lines = await log.innerText();
      await page.reload();
      await expect(log).toHaveText(lines, { useInnerText: true });
    });
    await navigation.getByRole('link', { name: 'Operations' }).click();
    await expect(page.getByText('Succeeded')).toBeVisible();
    await inspect(page, 'operations');
  });

  await test.step('delete it by its typed name', async () => {
    await page.getByRole('navigation', { name: 'Cluster' }).getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('button', { name: 'Delete cluster' })).toBeEnabled();
    await inspect(page, 'settings');
    await page.getByRole('button', { name: 'Delete cluster' }).click();
    const dialog = page.getByRole('dialog', { name: `Delete ${cluster}?` });
    await expect(dialog.getByRole('button', { name: 'Delete for good' })).toBeDisabled();
    await dialog.getByRole('textbox').fill(cluster);
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await expect(page.getByRole('heading', { name: /is deleted|There is no such cluster/ })).toBeVisible({
      timeout: 8 * 60_000,
    });
    await page.getByRole('link', { name: 'To the clusters' }).click();
    await expect(page.getByRole('heading', { name: 'Clusters', level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: cluster, exact: true })).toHaveCount(0);
  });

  expect(faults).toEqual([]);
  expect(foreign, 'the console asks nobody but its own server').toEqual([]);

  await test.step('sign out', async () => {
    await page.getByRole('button', { name: `Account of ${user}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByLabel('Username or email')).toBeVisible();
  });
});
