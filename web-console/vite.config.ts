import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const vendor = (name: string, packages: string) => ({
  name,
  test: new RegExp(`node_modules[\\\\/](${packages})`),
});

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  build: {
    outDir: process.env.CONSOLE_OUTPUT ?? 'dist',
    emptyOutDir: true,
    // The Content-Security-Policy allows fonts and images of our own origin; nothing is inlined into styles.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [vendor('react', '(react|react-dom|scheduler)[\\\\/]'), vendor('tanstack', '@tanstack')],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.PENSTOCK_URL ?? 'http://127.0.0.1:8080' } },
  test: {
    environment: 'jsdom',
    globals: true,
    setupFiles: ['src/testing/setup.ts'],
    css: false,
    testTimeout: 60_000,
    maxWorkers: 2,
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
