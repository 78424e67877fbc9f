import { Badge, Card, type CSSVariablesResolver, createTheme, Modal, Table, Title } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 7,
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'JetBrains Mono', 'DejaVu Sans Mono', monospace",
  defaultRadius: 'md',
  headings: { fontWeight: '640' },
  cursorType: 'pointer',
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none', fw: 500 } }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'lg', radius: 'lg' } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    Table: Table.extend({ defaultProps: { horizontalSpacing: 'lg', verticalSpacing: 'sm' } }),
    Title: Title.extend({ defaultProps: { textWrap: 'balance' } }),
  },
});

/** Mantine's stock "dimmed", placeholder, error, link and red button shades miss 4.5:1; these pass on every surface in use. */
export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-anchor': colors.indigo[8],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-red-outline': colors.red[9],
    '--mantine-color-red-filled': colors.red[9],
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-indigo-light-color': colors.indigo[9],
    '--mantine-color-indigo-light-hover': colors.indigo[1],
    '--console-canvas': '#f7f8fa',
    '--console-code': '#f4f5f8',
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[2],
    '--mantine-color-anchor': colors.indigo[3],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-red-outline': colors.red[4],
    '--mantine-color-red-filled': colors.red[9],
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-indigo-light-color': colors.indigo[2],
    '--mantine-color-indigo-light-hover': 'var(--mantine-color-indigo-light)',
    '--console-canvas': colors.dark[8],
    '--console-code': colors.dark[8],
  },
});
