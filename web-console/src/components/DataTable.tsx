import { Card, Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Column {
  title: string;
  numeric?: boolean;
  hidden?: boolean;
}

interface DataTableProps {
  label: string;
  columns: readonly Column[];
  minWidth?: number;
  heading?: ReactNode;
  children: ReactNode;
}

/** A card that is a table; rows come as children, and a narrow window scrolls it sideways. */
export function DataTable({ label, columns, minWidth = 560, heading, children }: DataTableProps) {
  return (
    <Card padding={0}>
      {heading}
      <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-label={label}>
        <Table highlightOnHover aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ title, numeric, hidden }) =>
                hidden ? (
                  <Table.Td key={title} />
                ) : (
                  <Table.Th key={title} ta={numeric ? 'right' : undefined} fw={600}>
                    {title}
                  </Table.Th>
                ),
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

export function NumberCell({ children }: { children: ReactNode }) {
  return (
    <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {children}
    </Table.Td>
  );
}
