import type { ReactElement, ReactNode } from "react";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import type { Asking } from "./useAsked.ts";

interface DialogsProps<T> {
  readonly asking: Asking<T>;
  /** What one of them is called: `channel`. */
  readonly noun: string;
  /** null: of a new one. */
  readonly form: (record: T | null) => ReactElement;
  readonly onRemove: (record: T) => Promise<unknown>;
  /** What goes with one that is deleted, and what stays. */
  readonly children: ReactNode;
}

/** The form of a record, or the question before it is deleted, as was asked for. */
export function RecordDialogs<T extends { readonly name: string }>(props: DialogsProps<T>): ReactElement | null {
  const { asking, noun, form, onRemove, children } = props;
  const { asked, close } = asking;
  if (asked === null) return null;
  if (asked.what === "add") return form(null);
  if (asked.what === "change") return form(asked.record);
  return (
    <ConfirmDialog
      title={`Delete the ${noun} “${asked.record.name}”?`}
      action={`Delete the ${noun}`}
      onConfirm={() => onRemove(asked.record)}
      onClose={close}
    >
      {children}
    </ConfirmDialog>
  );
}

interface ActionsProps<T> {
  readonly record: T;
  readonly asking: Asking<T>;
  /** It can be changed alone. */
  readonly stays?: boolean;
}

/** What can be done to one record of a list. */
export function RecordActions<T extends { readonly name: string }>({ record, asking, stays = false }: ActionsProps<T>): ReactElement {
  return (
    <>
      <button type="button" className="btn quiet" onClick={() => asking.change(record)}>
        Change<span className="unseen"> {record.name}</span>
      </button>
      {!stays && (
        <button type="button" className="btn quiet" onClick={() => asking.remove(record)}>
          Delete<span className="unseen"> {record.name}</span>
        </button>
      )}
    </>
  );
}
