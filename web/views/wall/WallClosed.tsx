import type { ReactElement } from "react";
import { useParts } from "../context.ts";
import { OneTask } from "../signIn/SignInPage.tsx";

/** In place of a wall that may not be seen, or no longer: why, and what to do. Nothing of the fleet stays on the screen. */
export function WallClosed({ why }: { why: string }): ReactElement {
  return (
    <OneTask title="This wall is closed">
      <p role="alert">{why}</p>
      <p className="soft">
        Ask an admin for a new link and open it on this screen. Admins make them under Settings, Wall links. Who has an account can sign in
        instead.
      </p>
      {/* A page loaded anew holds nothing of what the link showed. */}
      <a className="btn primary" href="/">
        Sign in
      </a>
    </OneTask>
  );
}

/** The link of a wall that was open is over: the clock tells which way. */
export function WallEnded({ expiresAtMs }: { expiresAtMs: number }): ReactElement {
  const { seconds } = useParts();
  return <WallClosed why={seconds.nowMs() >= expiresAtMs ? "Its link has expired." : "Its link was revoked."} />;
}
