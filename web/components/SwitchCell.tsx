import type { ReactElement } from "react";

interface SwitchCellProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly disabled: boolean;
  readonly onTurn: () => void;
}

/** The cell of a table of records that turns its record on and off. */
export function SwitchCell({ label, isOn, disabled, onTurn }: SwitchCellProps): ReactElement {
  return (
    <td>
      <input type="checkbox" role="switch" aria-label={label} checked={isOn} disabled={disabled} onChange={onTurn} />
    </td>
  );
}
