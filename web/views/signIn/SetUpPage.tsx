import { useId, useState, type ReactElement, type SyntheticEvent } from "react";
import { setUp } from "../../api/session.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { OneTask } from "./SignInPage.tsx";

const PASSWORD_MIN = 10;

/** First run: the one-time link gave a token, the reader gives a password, and is signed in. */
export function SetUpPage({ token, onDone }: { token: string; onDone: () => void }): ReactElement {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const passwordId = useId();
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password") as string;
    setBusy(true);
    setUp({ token, password }).then(onDone, (problem: unknown) => {
      setBusy(false);
      setError(problem instanceof Error ? problem : new Error(String(problem)));
    });
  };
  return (
    <OneTask title="Set up Hashwatch">
      <p className="soft">
        Choose the password of the first user, <b>admin</b>. Next come the address ranges in which miners are to be found.
      </p>
      <form className="form" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value="admin" readOnly />
        <label htmlFor={passwordId}>Password, at least {PASSWORD_MIN} characters</label>
        <input
          id={passwordId}
          className="input"
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
          required
          autoFocus
        />
        {error !== null && <Trouble error={error} />}
        <button className="btn primary" disabled={busy}>
          Set up
        </button>
      </form>
    </OneTask>
  );
}
