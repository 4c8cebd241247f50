import type { ReactElement, SyntheticEvent } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { ApiError } from "../../api/request.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAction } from "../useAction.ts";

type RackBody = Pick<Rack, "name" | "rows" | "columns">;

interface RackDialogProps {
  /** null: a new one. */
  readonly rack: Rack | null;
  readonly onSave: (body: RackBody) => Promise<unknown>;
  readonly onClose: () => void;
}

const SIZES = [
  { label: "Rows", name: "rows", usual: 8 },
  { label: "Columns", name: "columns", usual: 6 },
] as const;

/** Asks for the name and the size of a rack. */
export function RackDialog({ rack, onSave, onClose }: RackDialogProps): ReactElement {
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => form.get(name) as string;
    run(() => onSave({ name: text("name").trim(), rows: Number(text("rows")), columns: Number(text("columns")) }), onClose);
  };
  const field = error instanceof ApiError ? error.field : null;
  const problemOf = (name: string): string | null => (field === name ? (error?.message ?? null) : null);
  const isElsewhere = error !== null && !["name", "rows", "columns"].includes(field ?? "");
  return (
    <Dialog title={rack === null ? "Add a rack" : `Change rack ${rack.name}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field
          label="Name"
          name="name"
          defaultValue={rack?.name}
          problem={problemOf("name")}
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
        {SIZES.map(({ label, name, usual }) => (
          <Field
            key={name}
            label={label}
            name={name}
            type="number"
            min={1}
            max={200}
            defaultValue={rack?.[name] ?? usual}
            problem={problemOf(name)}
            required
          />
        ))}
        {isElsewhere && <Trouble error={error} />}
        <DialogEnd action={rack === null ? "Add" : "Save"} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
