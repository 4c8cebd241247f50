import type { CSSProperties, ReactElement, ReactNode } from "react";
import "./recordTable.css";

interface RecordTableProps {
  /** As a screen reader names it. */
  readonly label: string;
  readonly heads: readonly string[];
  /** Rows with a cell more than there are heads: what can be done to each. */
  readonly children: ReactNode;
}

/** A list of what people make and take away again. On a phone each row is a block, its cells one below the other, named by their heads. */
export function RecordTable({ label, heads, children }: RecordTableProps): ReactElement {
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label={label}>
      <table className="records" style={headVariables(heads)}>
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

/** `--head-3`: what the style sheet writes before the third cell of a row. */
function headVariables(heads: readonly string[]): CSSProperties {
  return Object.fromEntries(heads.map((head, nth) => [`--head-${nth + 1}`, JSON.stringify(head)]));
}
