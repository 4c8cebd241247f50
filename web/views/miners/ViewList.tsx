import { use, useEffect, useMemo, type ReactElement } from "react";
import type { View } from "../../../server/contract/api.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { SessionContext, useIdentity, useMayOperate, useParts } from "../context.ts";
import { minersAddress } from "./minersQuery.ts";
import { byName, matchCount, viewAddress } from "./savedViews.ts";
import type { SavedViews } from "./useSavedViews.ts";
import type { ViewWish } from "./ViewQuestion.tsx";

/** Counting the matches of this many views is not felt. */
const COUNTED_MAX = 40;

interface ListProps {
  readonly views: SavedViews;
  /** Every miner, in the usual order and columns. */
  readonly isPlain: boolean;
  readonly mayChange: boolean;
  readonly onAsk: (wish: ViewWish) => void;
  readonly onDo: (work: () => Promise<unknown>) => void;
}

/** All views that the reader may open, and below them what can be done with the open one. Loaded anew whenever the menu opens. */
export function ViewList({ views, isPlain, mayChange, onAsk, onDo }: ListProps): ReactElement {
  const { items, error, reload, open } = views;
  useEffect(() => reload(), [reload]);
  return (
    <div className="viewmenu">
      <Link className="option" href={minersAddress()} aria-current={open === null && isPlain} data-closes>
        All miners
      </Link>
      {items === null && error === null && <Skeleton lines={3} />}
      {error !== null && <Trouble error={error} retry={reload} />}
      {items?.length === 0 && (
        <p className="muted">No view is saved yet. Filter, sort and arrange the table, then save it to come back to it from any browser.</p>
      )}
      {items !== null && <Options items={items} views={views} />}
      <div className="deeds" role="group" aria-label={open === null ? "What is shown" : plainText(open.view.name)}>
        {open !== null && <OpenView views={views} open={open} mayChange={mayChange} onAsk={onAsk} onDo={onDo} />}
        <button type="button" className="option" data-closes disabled={items === null} onClick={() => onAsk({ what: "save" })}>
          {open === null ? "Save as a view…" : "Save as a new view…"}
        </button>
      </div>
    </div>
  );
}

/** The reader's own, then those that others share; beside each how many miners it shows now. */
function Options({ items, views }: { items: readonly View[]; views: SavedViews }): ReactElement {
  const { fleet } = useParts();
  const username = use(SessionContext)?.user?.username;
  const { siteId } = views.shown;
  const identity = useIdentity();
  const counts = useMemo(() => {
    if (identity.id.length === 0) return new Map<string, number | null>(); // whom a condition is about is not known yet
    return new Map(items.slice(0, COUNTED_MAX).map((view) => [view.id, matchCount(fleet, view, siteId)]));
  }, [items, fleet, identity, siteId]);
  const groups = [
    { title: "Yours", found: items.filter(({ owner }) => owner === username).sort(byName) },
    { title: "Shared by others", found: items.filter(({ owner }) => owner !== username).sort(byName) },
  ];
  return (
    <>
      {groups.map(
        ({ title, found }) =>
          found.length > 0 && (
            <div key={title} role="group" aria-label={title}>
              <h2>{title}</h2>
              {found.map((view) => (
                <Option key={view.id} view={view} isOwn={view.owner === username} count={counts.get(view.id) ?? null} views={views} />
              ))}
            </div>
          ),
      )}
    </>
  );
}

interface OptionProps {
  readonly view: View;
  readonly isOwn: boolean;
  readonly count: number | null;
  readonly views: SavedViews;
}

function Option({ view, isOwn, count, views: { open } }: OptionProps): ReactElement {
  const isOpen = open?.view.id === view.id;
  return (
    <Link className="option" href={viewAddress(view)} aria-current={isOpen} data-closes>
      <span className="viewname">{plainText(view.name)}</span>
      <small className="muted">{isOwn ? view.shared && "shared" : plainText(view.owner)}</small>
      {isOpen && open.isChanged && <small className="muted">changed</small>}
      {count !== null && <small className="push muted">{formatNumber(count)}</small>}
    </Link>
  );
}

interface OpenProps extends Pick<ListProps, "views" | "mayChange" | "onAsk" | "onDo"> {
  readonly open: { readonly view: View; readonly isChanged: boolean };
}

function OpenView({ views, open: { view, isChanged }, mayChange, onAsk, onDo }: OpenProps): ReactElement {
  const mayShare = useMayOperate();
  return (
    <>
      {isChanged && (
        <Link className="option" href={viewAddress(view)} data-closes>
          Back to how it was saved
        </Link>
      )}
      {mayChange && (
        <>
          <button type="button" className="option" data-closes onClick={() => onAsk({ what: "rename", view })}>
            Rename…
          </button>
          {(mayShare || view.shared) && (
            <button type="button" className="option" onClick={() => onDo(() => views.change(view, { shared: !view.shared }))}>
              {view.shared ? "Make it private" : "Share with everybody"}
            </button>
          )}
          <button type="button" className="option" data-closes onClick={() => onAsk({ what: "delete", view })}>
            Delete…
          </button>
        </>
      )}
    </>
  );
}
