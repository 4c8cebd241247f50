import { use, useState, type ReactElement } from "react";
import { Popover } from "../../components/Popover.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { SessionContext } from "../context.ts";
import { useAction } from "../useAction.ts";
import type { SavedViews } from "./useSavedViews.ts";
import { ViewList } from "./ViewList.tsx";
import { ViewQuestion, type ViewWish } from "./ViewQuestion.tsx";

/** Which saved view is open and whether it was changed since, the menu of all of them, and the way to keep what is shown. */
export function ViewsBar({ views, isPlain }: { views: SavedViews; isPlain: boolean }): ReactElement {
  const mayChange = useMayChange(views);
  const [asked, setAsked] = useState<ViewWish | null>(null);
  const { busy, error, run } = useAction();
  const { open } = views;
  const name = open === null ? null : plainText(open.view.name);
  const label = name === null ? "Views" : `Views: ${name}${open?.isChanged === true ? " (changed)" : ""}`;
  const button = (
    <>
      <span className="viewname">{name ?? "Views"}</span>
      {open?.isChanged === true && <small className="muted">(changed)</small>}
      <span aria-hidden="true">▾</span>
    </>
  );
  return (
    <>
      <Popover button={button} label={label} className="btn" sheet>
        <ViewList views={views} isPlain={isPlain} mayChange={mayChange} onAsk={setAsked} onDo={run} />
      </Popover>
      {open?.isChanged === true && mayChange && (
        <button type="button" className="btn quiet" disabled={busy} onClick={() => run(() => views.update(open.view))}>
          Save changes
        </button>
      )}
      {open === null && !isPlain && views.items !== null && (
        <button type="button" className="btn quiet" onClick={() => setAsked({ what: "save" })}>
          + Save view
        </button>
      )}
      {error !== null && <Trouble error={error} />}
      {asked !== null && <ViewQuestion wish={asked} views={views} onClose={() => setAsked(null)} />}
    </>
  );
}

/** Whether the reader may change the open view: it is theirs, or they are an admin. */
function useMayChange({ open }: SavedViews): boolean {
  const session = use(SessionContext);
  if (open === null) return false;
  return session?.user?.role === "admin" || open.view.owner === session?.user?.username;
}
