import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../control-plane/openapi.yaml',
  output: { path: 'src/api/generated', clean: true },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
});
