import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import { changeMiner } from "../../api/miners.ts";
import { ApiError } from "../../api/request.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { AreaField, Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { useAction } from "../useAction.ts";
import { TagsField, withDraft } from "./TagsField.tsx";

const NAME_LENGTH_MAX = 100;
const NOTE_LENGTH_MAX = 2000;

/** What people add to a machine: its name, tags and a note. */
export type MinerWords = Pick<MinerDetail, "name" | "tags" | "note">;

interface EditProps {
  readonly detail: MinerDetail;
  readonly onSaved: (words: MinerWords) => void;
  readonly onClose: () => void;
}

/** Changes name, tags and note. What is refused stays in the form, with the reason below its field. */
export function EditDialog({ detail, onSaved, onClose }: EditProps): ReactElement {
  const [words, setWords] = useState<MinerWords>({ name: detail.name, tags: [...detail.tags], note: detail.note });
  const [draft, setDraft] = useState("");
  const { busy, error, run } = useAction();
  const field = error instanceof ApiError ? (error.field?.split(".")[0] ?? null) : null;
  const problemOf = (name: keyof MinerWords): string | null => (error !== null && field === name ? error.message : null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { name, note } = words;
    run(async () => {
      const saved = await changeMiner(detail.id, { name: name.trim(), tags: withDraft(words.tags, draft), note });
      onSaved({ name: saved.name, tags: saved.tags, note: saved.note });
    }, onClose);
  };
  return (
    <Dialog title={`Edit ${plainText(detail.name === "" ? detail.address : detail.name)}`} onClose={onClose} wide>
      <form className="form" onSubmit={submit}>
        <Field
          label="Name"
          hint="Without one the page shows the address"
          value={words.name}
          problem={problemOf("name")}
          maxLength={NAME_LENGTH_MAX}
          autoComplete="off"
          autoFocus
          onChange={(event) => setWords({ ...words, name: event.target.value })}
        />
        <TagsField
          tags={words.tags}
          draft={draft}
          problem={problemOf("tags")}
          onChange={(tags, typed) => {
            setWords({ ...words, tags: [...tags] });
            setDraft(typed);
          }}
        />
        <AreaField
          label="Note"
          value={words.note}
          problem={problemOf("note")}
          maxLength={NOTE_LENGTH_MAX}
          rows={5}
          onChange={(event) => setWords({ ...words, note: event.target.value })}
        />
        {error !== null && !(field !== null && field in words) && <Trouble error={error} />}
        <DialogEnd action="Save" disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
