import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@/app/global.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Providers } from '@/app/Providers';
import { createQueryClient } from '@/app/queries';
import { createRouter } from '@/app/router';

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');

const queries = createQueryClient();
const router = createRouter(queries);

createRoot(container).render(
  <StrictMode>
    <Providers queries={queries}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
