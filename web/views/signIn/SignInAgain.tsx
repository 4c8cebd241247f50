import { useEffect, useRef, type ReactElement } from "react";
import { SignInForm } from "./SignInForm.tsx";
import "./signIn.css";

/** The session ended while somebody worked: asks on top of the page, which stays as it is. */
export function SignInAgain({ onSignedIn }: { onSignedIn: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="again" onCancel={(event) => event.preventDefault()}>
      <h2 id="again">Sign in again</h2>
      <p className="soft">Your session has ended. The page stays as it is.</p>
      <SignInForm onSignedIn={onSignedIn} />
    </dialog>
  );
}
