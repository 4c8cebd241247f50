import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { TokenCreated } from "../../../server/contract/api.ts";
import { createToken, type Rights } from "../../api/accounts.ts";
import { CopyLine } from "../../components/CopyLine.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAction } from "../useAction.ts";
import { ExpiryField, expiryOf } from "./ExpiryField.tsx";
import { RightsFields } from "./RightsFields.tsx";

const LIVES = [30, 90, 365, null] as const;

/** A new token; its secret is shown once. */
export function TokenDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }): ReactElement {
  const [created, setCreated] = useState<TokenCreated | null>(null);
  const take = (token: TokenCreated): void => {
    setCreated(token);
    onCreated();
  };
  return (
    <Dialog title={created === null ? "Create a token" : `Token ${created.name}`} onClose={onClose} wide={created !== null}>
      {created === null ? <TokenForm onCreated={take} onClose={onClose} /> : <Secret token={created} onClose={onClose} />}
    </Dialog>
  );
}

function TokenForm({ onCreated, onClose }: { onCreated: (token: TokenCreated) => void; onClose: () => void }): ReactElement {
  const [name, setName] = useState("");
  const [days, setDays] = useState<(typeof LIVES)[number]>(365);
  const [rights, setRights] = useState<Rights>({ role: "viewer", siteIds: null });
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const expiresAtMs = days === null ? null : expiryOf(days);
    run(async () => onCreated(await createToken({ name: name.trim(), ...rights, expiresAtMs })));
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field
        label="Name, such as what uses it"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={100}
        required
        autoFocus
        autoComplete="off"
      />
      <RightsFields rights={rights} onChange={setRights} />
      <ExpiryField choices={LIVES} days={days} onChange={setDays} />
      {error !== null && <Trouble error={error} />}
      <DialogEnd action="Create" disabled={busy || name.trim() === ""} onCancel={onClose} />
    </form>
  );
}

function Secret({ token, onClose }: { token: TokenCreated; onClose: () => void }): ReactElement {
  return (
    <>
      <p className="soft">Copy it now: it is shown this once, and only its digest is kept.</p>
      <CopyLine text={token.token} label="the token" />
      <div className="dialogend">
        <button type="button" className="btn primary" onClick={onClose}>
          Done
        </button>
      </div>
    </>
  );
}
