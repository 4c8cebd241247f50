import type { ReactElement, ReactNode } from "react";

interface RecordTableProps {
  /** As a screen reader names it. */
  readonly label: string;
  readonly heads: readonly string[];
  /** Rows with a cell more than there are heads: what can be done to each. */
  readonly children: ReactNode;
}

/** A list of what administrators make and take away again. */
export function RecordTable({ label, heads, children }: RecordTableProps): ReactElement {
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">Changes</span>
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
