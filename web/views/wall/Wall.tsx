import { use, useEffect, useEffectEvent, useMemo, useSyncExternalStore, type CSSProperties, type ReactElement } from "react";
import { enterFullScreen, leaveFullScreen } from "../../components/fullScreen.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { RANGES } from "../../components/charts/timeWindow.ts";
import { formatClock } from "../../format/time.ts";
import { SessionContext, useAddress, useFleet, useIdentity, useNowMs, useParts, useSites } from "../context.ts";
import { leaveWallAddress, siteOf } from "../navigation.ts";
import { useIdle } from "./useIdle.ts";
import { useMagnification } from "./useMagnification.ts";
import { useTurns, type Turns, type WallView } from "./useTurns.ts";
import { useWakeLock } from "./useWakeLock.ts";
import { WallFleet } from "./WallFleet.tsx";
import { WallHead } from "./WallHead.tsx";
import { WallMap } from "./WallMap.tsx";
import { parseWallQuery, type WallQuery } from "./wallQuery.ts";
import "./wall.css";

/** The fleet on a screen in a control room: read across the room, touched by nobody. */
export function Wall(): ReactElement {
  const { link } = useParts();
  const address = useAddress();
  const { query, problems } = useMemo(() => parseWallQuery(address), [address]);
  const turns = useTurns(query, useSiteIds(address));
  const magnification = useMagnification();
  const isIdle = useIdle();
  const isLive = useSyncExternalStore(link.subscribe, () => link.state === "live");
  useWakeLock();
  useKeys(turns);
  const style = { "--u": `${magnification}px` } as CSSProperties;
  return (
    <main className={`wall ${isIdle ? "idle" : ""} ${isLive ? "" : "lost"}`} style={style}>
      <h1 className="unseen">Wall</h1>
      <WallHead />
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      <Stage query={query} turns={turns} magnification={magnification} />
      <Foot query={query} turns={turns} />
    </main>
  );
}

/** The sites that take turns: those in scope that have miners to show. */
function useSiteIds(address: string): readonly string[] {
  const { items } = useSites();
  const { siteId } = useIdentity();
  const scopeId = siteOf(address);
  return useMemo(() => {
    const settled = new Set(siteId);
    return (items ?? []).map(({ id }) => id).filter((id) => settled.has(id) && (scopeId === null || id === scopeId));
  }, [items, siteId, scopeId]);
}

/** Esc leaves, for who has somewhere to go; space stops and starts the turns. */
function useKeys({ isPaused, setPaused, views }: Turns): void {
  const leave = useLeave();
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Escape") leave?.();
    if (event.key !== " " || views.length < 2 || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    setPaused(!isPaused);
  });
  // A browser in full screen takes the Esc key for itself.
  const changed = useEffectEvent(() => document.fullscreenElement === null && leave?.());
  useEffect(() => {
    const press = (event: KeyboardEvent): void => pressed(event);
    const change = (): void => void changed();
    window.addEventListener("keydown", press);
    document.addEventListener("fullscreenchange", change);
    return () => {
      window.removeEventListener("keydown", press);
      document.removeEventListener("fullscreenchange", change);
    };
  }, []);
}

/** Goes to the page that everybody knows; null for the holder of a wall link, who may see no other. */
function useLeave(): (() => void) | null {
  const { navigation } = useParts();
  const session = use(SessionContext);
  if (session?.signInRequired !== false && session?.user == null) return null;
  return () => {
    leaveFullScreen();
    navigation.push(leaveWallAddress(navigation.current()));
  };
}

interface StageProps {
  readonly query: WallQuery;
  readonly turns: Turns;
  readonly magnification: number;
}

/** What has had its turn stays, unseen, so that nothing is loaded again when it comes back. */
function Stage({ query, turns: { views, view }, magnification }: StageProps): ReactElement {
  const { totals } = useFleet();
  const [hasFleet, hasMap] = (["fleet", "map"] as const).map((page) => views.some((each) => each.page === page));
  if (totals === null) return <Skeleton lines={12} />;
  if (totals.minerCount === 0)
    return (
      <div className="wallstage wallempty">
        <p>
          <b>No miner yet.</b> They appear here as they are found.
        </p>
      </div>
    );
  return (
    <div className="wallstage">
      {hasFleet && (
        <section className="wallview" aria-label="Fleet" style={shownIf(view.page === "fleet")}>
          <WallFleet query={query} magnification={magnification} />
        </section>
      )}
      {hasMap && (
        <section className="wallview" aria-label="Map" style={shownIf(view.page === "map")}>
          <WallMap query={query} siteId={view.page === "map" ? view.siteId : null} magnification={magnification} />
        </section>
      )}
    </div>
  );
}

function shownIf(isShown: boolean): CSSProperties {
  return { visibility: isShown ? "visible" : "hidden" };
}

function Foot({ query, turns }: { query: WallQuery; turns: Turns }): ReactElement {
  const nowMs = useNowMs();
  const sites = useSites();
  const siteId = siteOf(useAddress());
  const leave = useLeave();
  const { views, view, number, isPaused, setPaused } = turns;
  const all = sites.items ?? [];
  const scope = siteId !== null ? sites.nameOf(siteId) : all.length > 1 ? `All ${all.length} sites` : (all.at(0)?.name ?? "");
  return (
    <footer className="wallfoot">
      <span className="wallscope">
        <b>{view.page === "map" && view.siteId !== null ? sites.nameOf(view.siteId) : scope}</b> {captionOf(view, query)}
        {views.length > 1 && ` · ${number + 1} of ${views.length}${isPaused ? ", stopped" : ""}`}
      </span>
      <span className="walltools">
        {views.length > 1 && (
          <button type="button" className="btn" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            Stop the turns
          </button>
        )}
        {document.fullscreenEnabled && (
          <button type="button" className="btn" onClick={enterFullScreen}>
            Full screen
          </button>
        )}
        {leave !== null && (
          <button type="button" className="btn" onClick={leave}>
            Leave the wall
          </button>
        )}
      </span>
      <time className="wallclock">{formatClock(nowMs, nowMs)}</time>
    </footer>
  );
}

function captionOf(view: WallView, { range }: WallQuery): string {
  return view.page === "fleet" ? `fleet, ${RANGES[range].title.toLowerCase()}` : "map, one cell per miner";
}
