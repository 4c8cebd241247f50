import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { User } from "../../../server/contract/api.ts";
import { changeUser, createUser, type Rights } from "../../api/accounts.ts";
import { ApiError } from "../../api/request.ts";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAction } from "../useAction.ts";
import { RightsFields } from "./RightsFields.tsx";

interface UserProps {
  /** null: a new one. */
  readonly user: User | null;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** A new user, or another role, other sites or another password for one. */
export function UserDialog({ user, onSaved, onClose }: UserProps): ReactElement {
  const [username, setUsername] = useState(user?.username ?? "");
  const [password, setPassword] = useState("");
  const [rights, setRights] = useState<Rights>(user ?? { role: "viewer", siteIds: null });
  const { busy, error, run } = useAction();
  const field = error instanceof ApiError ? error.field : null;
  const problemOf = (name: string): string | null => (field === name ? (error?.message ?? null) : null);
  const { role, siteIds } = rights;
  const save = async (): Promise<void> => {
    if (user === null) await createUser({ username: username.trim(), password, role, siteIds });
    else await changeUser(user.id, { role, siteIds, ...(password === "" ? {} : { password }) });
    onSaved();
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(save, onClose);
  };
  return (
    <Dialog title={user === null ? "Add a user" : `Change ${user.username}`} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {user === null && (
          <Field
            label="Name, for signing in"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            problem={problemOf("username")}
            pattern="[A-Za-z0-9._@\\-]+"
            title="Letters, digits and . _ @ -"
            maxLength={64}
            required
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
          />
        )}
        <Field
          label={user === null ? "Password, at least 10 characters" : "New password; empty leaves it"}
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          problem={problemOf("password")}
          minLength={10}
          required={user === null}
          autoComplete="new-password"
          {...(user === null ? {} : { hint: "A new password ends the sessions of this user." })}
        />
        <RightsFields rights={rights} onChange={setRights} />
        {error !== null && field !== "username" && field !== "password" && <Trouble error={error} />}
        <DialogEnd action={user === null ? "Add" : "Save"} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
