import { Box, Code } from '@mantine/core';
import { CopyAction } from './CopyField';

export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <Box pos="relative">
      <Box pos="absolute" top={8} right={8}>
        <CopyAction value={code} label={`Copy ${label}`} />
      </Box>
      <Code
        block
        tabIndex={0}
        role="region"
        aria-label={label}
        bg="var(--console-code)"
        p="md"
        pr={52}
        fz={12.5}
        lh={1.6}
      >
        {code}
      </Code>
    </Box>
  );
}
