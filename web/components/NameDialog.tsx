import { useState, type ReactElement, type SyntheticEvent } from "react";
import { useAction } from "../views/useAction.ts";
import { Dialog } from "./Dialog.tsx";
import { DialogEnd } from "./DialogEnd.tsx";
import { Field } from "./Field.tsx";

interface NameProps {
  readonly title: string;
  readonly action: string;
  readonly value?: string;
  readonly onSave: (name: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks for a name, of something new or a new one. */
export function NameDialog({ title, action, value = "", onSave, onClose }: NameProps): ReactElement {
  const [name, setName] = useState(value);
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(() => onSave(name.trim()), onClose);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={error?.message ?? null}
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
        <DialogEnd action={action} disabled={busy || name.trim() === "" || name.trim() === value} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
