import { useState, type ReactElement, type SyntheticEvent } from "react";
import { ApiError } from "../../api/request.ts";
import { setUp } from "../../api/session.ts";
import { Field } from "../../components/Field.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { Steps } from "../firstRun/Steps.tsx";
import { useAction } from "../useAction.ts";
import { OneTask } from "./SignInPage.tsx";

const PASSWORD_MIN = 10;

/** First run: the one-time link gave a token, the reader gives a password, and is signed in. */
export function SetUpPage({ token, onDone }: { token: string; onDone: () => void }): ReactElement {
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(() => setUp({ token, password }), onDone);
  };
  const isPassword = error instanceof ApiError && error.field === "password";
  return (
    <OneTask title="Set up Hashwatch">
      <Steps current="Password" />
      <p className="soft">
        Choose the password of the first user, <b>admin</b>. Next come the address ranges in which miners are to be found.
      </p>
      <form className="form" onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value="admin" readOnly />
        <Field
          label={`Password, at least ${PASSWORD_MIN} characters`}
          name="password"
          type={isShown ? "text" : "password"}
          value={password}
          problem={isPassword ? error.message : null}
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
          required
          autoFocus
          onChange={(event) => setPassword(event.target.value)}
        />
        <label className="check">
          <input type="checkbox" checked={isShown} onChange={(event) => setShown(event.target.checked)} />
          Show what I type
        </label>
        {error !== null && !isPassword && <Trouble error={error} />}
        <button className="btn primary" disabled={busy}>
          Set up
        </button>
      </form>
    </OneTask>
  );
}
