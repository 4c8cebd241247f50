import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { View } from "../../../server/contract/api.ts";
import { ApiError } from "../../api/request.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { NameDialog } from "../../components/NameDialog.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { useMayOperate } from "../context.ts";
import { useAction } from "../useAction.ts";
import type { SavedViews } from "./useSavedViews.ts";

/** What the reader wants to do with a view. */
export type ViewWish = { readonly what: "save" } | { readonly what: "rename" | "delete"; readonly view: View };

interface QuestionProps {
  readonly wish: ViewWish;
  readonly views: SavedViews;
  readonly onClose: () => void;
}

/** Asks what has to be known before a view is saved, renamed or deleted, and does it. */
export function ViewQuestion({ wish, views, onClose }: QuestionProps): ReactElement {
  if (wish.what === "save") return <SaveDialog views={views} onClose={onClose} />;
  const { view } = wish;
  const name = plainText(view.name);
  if (wish.what === "rename")
    return (
      <NameDialog
        title={`Rename “${name}”`}
        action="Rename"
        value={view.name}
        onSave={(changed) => views.change(view, { name: changed })}
        onClose={onClose}
      />
    );
  return (
    <ConfirmDialog title={`Delete “${name}”?`} action="Delete the view" onConfirm={() => views.remove(view)} onClose={onClose}>
      <p>
        {view.shared ? "It is shared: it goes for everybody" : "It goes for good"}. Miners and their history stay, and so does what the
        table shows now.
      </p>
    </ConfirmDialog>
  );
}

function SaveDialog({ views, onClose }: { views: SavedViews; onClose: () => void }): ReactElement {
  const mayShare = useMayOperate();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { busy, error, run } = useAction();
  const isNameAtFault = error instanceof ApiError && error.field === "name";
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(() => views.save(name.trim(), shared), onClose);
  };
  return (
    <Dialog title="Save as a view" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={isNameAtFault ? error.message : null}
          hint="Filters, order, columns and site are kept; the selection is not."
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
        {mayShare && (
          <label className="check">
            <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
            Share with everybody who may sign in
          </label>
        )}
        {error !== null && !isNameAtFault && <Trouble error={error} />}
        <DialogEnd action="Save" disabled={busy || name.trim() === ""} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
