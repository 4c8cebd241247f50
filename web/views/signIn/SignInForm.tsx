import { useId, useState, type ReactElement, type SyntheticEvent } from "react";
import { signIn } from "../../api/session.ts";
import { Trouble } from "../../components/Trouble.tsx";

/** Name and password; `onSignedIn` when the server took them. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }): ReactElement {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const usernameId = useId();
  const passwordId = useId();
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => form.get(name) as string;
    setBusy(true);
    signIn({ username: text("username"), password: text("password") }).then(onSignedIn, (problem: unknown) => {
      setBusy(false);
      setError(problem instanceof Error ? problem : new Error(String(problem)));
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <label htmlFor={usernameId}>Name</label>
      <input
        id={usernameId}
        className="input"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        required
        defaultValue="admin"
      />
      <label htmlFor={passwordId}>Password</label>
      <input id={passwordId} className="input" name="password" type="password" autoComplete="current-password" required autoFocus />
      {error !== null && <Trouble error={error} />}
      <button className="btn primary" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
