import type { ReactElement, ReactNode } from "react";
import { Brand } from "../../components/Brand.tsx";
import { SignInForm } from "./SignInForm.tsx";
import "./signIn.css";

/** A page with one task and nothing else. */
export function OneTask({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <main className="onetask">
      <div className="brand">
        <Brand />
      </div>
      <section className="panel">
        <h1>{title}</h1>
        {children}
      </section>
    </main>
  );
}

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }): ReactElement {
  return (
    <OneTask title="Sign in">
      <SignInForm onSignedIn={onSignedIn} />
    </OneTask>
  );
}

/** Nobody has an account yet, and the reader came without the link that makes the first. */
export function SetUpHint(): ReactElement {
  return (
    <OneTask title="Not set up yet">
      <p className="soft">
        This server has no user yet. Open the set-up link that it printed on its console when it started; it works once. With{" "}
        <code>--admin-password</code> the server starts with a user <code>admin</code> instead.
      </p>
    </OneTask>
  );
}
