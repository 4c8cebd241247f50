import { lazy, Suspense, use, useSyncExternalStore, type ReactElement } from "react";
import { getSession, openWall } from "../api/session.ts";
import { ApiError } from "../api/request.ts";
import { Link } from "../components/Link.tsx";
import { onPreferencesChange, preferencesRevision } from "../components/preferences.ts";
import { Skeleton } from "../components/Skeleton.tsx";
import { Trouble } from "../components/Trouble.tsx";
import { PartsContext, SessionContext, useAddress, useParts, type Parts } from "./context.ts";
import { FleetPage } from "./fleet/FleetPage.tsx";
import { Header } from "./header/Header.tsx";
import { useIncidentStream } from "./incidents/useIncidentStream.ts";
import { MinersPage } from "./miners/MinersPage.tsx";
import { isWall, routeOf } from "./navigation.ts";
import { PageBoundary } from "./PageBoundary.tsx";
import { SetUpPage } from "./signIn/SetUpPage.tsx";
import { SignInAgain } from "./signIn/SignInAgain.tsx";
import { OneTask, SetUpHint, SignInPage } from "./signIn/SignInPage.tsx";
import { useLoad } from "./useLoad.ts";
import { useStream } from "./useStream.ts";
import { WallClosed, WallEnded } from "./wall/WallClosed.tsx";

// Charts and what only one page needs come when that page is opened.
const FirstRunPage = lazy(async () => ({ default: (await import("./firstRun/FirstRunPage.tsx")).FirstRunPage }));
const ChannelsPage = lazy(async () => ({ default: (await import("./incidents/channels/ChannelsPage.tsx")).ChannelsPage }));
const IncidentPage = lazy(async () => ({ default: (await import("./incidents/IncidentPage.tsx")).IncidentPage }));
const IncidentsPage = lazy(async () => ({ default: (await import("./incidents/IncidentsPage.tsx")).IncidentsPage }));
const MapPage = lazy(async () => ({ default: (await import("./map/MapPage.tsx")).MapPage }));
const MinerPage = lazy(async () => ({ default: (await import("./miner/MinerPage.tsx")).MinerPage }));
const RulesPage = lazy(async () => ({ default: (await import("./incidents/rules/RulesPage.tsx")).RulesPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/SettingsPage.tsx")).SettingsPage }));
const SilencesPage = lazy(async () => ({ default: (await import("./incidents/silences/SilencesPage.tsx")).SilencesPage }));
const SitesPage = lazy(async () => ({ default: (await import("./sites/SitesPage.tsx")).SitesPage }));
const Wall = lazy(async () => ({ default: (await import("./wall/Wall.tsx")).Wall }));

/** What stood behind the `#` of a link that lets its holder in. */
export interface Secret {
  readonly kind: "setup" | "wall";
  readonly token: string;
}

/** `secret`: null where the address held none. */
export function App({ parts, secret }: { parts: Parts; secret: Secret | null }): ReactElement {
  return (
    <PartsContext value={parts}>
      <Gate secret={secret} />
    </PartsContext>
  );
}

/** Lets in who may see the fleet. */
function Gate({ secret }: { secret: Secret | null }): ReactElement {
  const { navigation } = useParts();
  const onWall = isWall(useAddress());
  const {
    data: session,
    error,
    reload,
  } = useLoad("session", (signal) => (secret?.kind === "wall" ? openWall(secret.token, signal) : getSession(signal)));
  if (session === null && error === null) return <Skeleton lines={3} />;
  if (session === null && secret?.kind === "wall" && error instanceof ApiError && error.status === 403)
    return <WallClosed why={`${error.message}.`} />;
  if (session === null)
    return (
      <OneTask title="Hashwatch">
        <Trouble error={error ?? new Error("The server does not say who is signed in.")} retry={reload} />
      </OneTask>
    );
  const started = (): void => {
    navigation.replace("/first-run");
    reload();
  };
  if (session.setupRequired && session.signInRequired)
    return secret?.kind === "setup" ? <SetUpPage token={secret.token} onDone={started} /> : <SetUpHint />;
  if (session.user === null && session.signInRequired && !(onWall && session.wall !== null))
    return onWall ? (
      <WallClosed why="This screen holds no wall link that is valid: it was revoked, has expired, or was never opened here." />
    ) : (
      <SignInPage onSignedIn={reload} />
    );
  return <SessionContext value={session}>{onWall ? <WallShell /> : <Shell />}</SessionContext>;
}

/** The header, one page below it, and what lies on top when the session ends. */
function Shell(): ReactElement {
  const { unknownSiteId, isSignedOut, signedInAgain } = useStream();
  useIncidentStream();
  // What is typed there and not saved outlives a change of how things are shown.
  const { page } = routeOf(useAddress());
  const isSettings = page === "settings";
  const preferences = useSyncExternalStore(onPreferencesChange, preferencesRevision);
  return (
    <>
      <Header />
      <Suspense fallback={<Skeleton lines={8} />}>
        {unknownSiteId !== null ? (
          <NoSuchSite siteId={unknownSiteId} />
        ) : (
          <PageBoundary key={`${page} ${isSettings ? "" : preferences}`}>
            <CurrentPage />
          </PageBoundary>
        )}
      </Suspense>
      {isSignedOut && <SignInAgain onSignedIn={signedInAgain} />}
    </>
  );
}

/** The same fleet for a control room, by itself. */
function WallShell(): ReactElement {
  const { unknownSiteId, isSignedOut, signedInAgain } = useStream();
  const session = use(SessionContext);
  const preferences = useSyncExternalStore(onPreferencesChange, preferencesRevision);
  if (isSignedOut && session?.wall != null) return <WallEnded expiresAtMs={session.wall.expiresAtMs} />;
  return (
    <>
      <Suspense fallback={<Skeleton lines={8} />}>
        {unknownSiteId !== null ? (
          <NoSuchSite siteId={unknownSiteId} />
        ) : (
          <PageBoundary key={preferences}>
            <Wall />
          </PageBoundary>
        )}
      </Suspense>
      {isSignedOut && <SignInAgain onSignedIn={signedInAgain} />}
    </>
  );
}

function NoSuchSite({ siteId }: { siteId: string }): ReactElement {
  const { navigation } = useParts();
  return (
    <main>
      <div className="panel nothing">
        <h1>There is no site “{siteId}”</h1>
        <p className="soft">It was removed, you may not see it, or the link is wrong.</p>
        <button type="button" className="btn primary" onClick={() => navigation.pickSite(null)}>
          Show all sites
        </button>
      </div>
    </main>
  );
}

function CurrentPage(): ReactElement {
  const route = routeOf(useAddress());
  switch (route.page) {
    case "fleet":
      return <FleetPage search={route.search} />;
    case "miners":
      return <MinersPage search={route.search} />;
    case "miner":
      return <MinerPage key={route.minerId} minerId={route.minerId} search={route.search} />;
    case "map":
      return <MapPage search={route.search} />;
    case "incidents":
      return <IncidentsPage search={route.search} />;
    case "incident":
      return <IncidentPage key={route.incidentId} incidentId={route.incidentId} />;
    case "alertRules":
      return <RulesPage />;
    case "silences":
      return <SilencesPage />;
    case "channels":
      return <ChannelsPage />;
    case "sites":
      return <SitesPage />;
    case "firstRun":
      return <FirstRunPage />;
    case "settings":
      return <SettingsPage search={route.search} />;
    case "notFound":
      return (
        <main>
          <div className="panel nothing">
            <h1>There is no page “{route.path}”</h1>
            <p className="soft">Pages that exist: the fleet, all miners, one miner, the map, incidents, sites and agents, settings.</p>
            <Link className="btn primary" href="/miners">
              Go to all miners
            </Link>
          </div>
        </main>
      );
  }
}
