import { defineConfig } from '@playwright/test';

const url = process.env.PENSTOCK_URL;
if (!url) throw new Error('PENSTOCK_URL must name a running installation, for example http://127.0.0.1:8080');

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'target/test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 15 * 60_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    actionTimeout: 60_000,
    navigationTimeout: 90_000,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.PENSTOCK_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
