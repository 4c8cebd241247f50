import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type ReactElement } from "react";
import { getSession } from "../api/session.ts";
import { onSessionLost } from "../api/request.ts";
import { Link } from "../components/Link.tsx";
import { onPreferencesChange, preferencesRevision } from "../components/preferences.ts";
import { Skeleton } from "../components/Skeleton.tsx";
import { Trouble } from "../components/Trouble.tsx";
import { PartsContext, SessionContext, useAddress, useParts, useSites, type Parts } from "./context.ts";
import { FleetPage } from "./fleet/FleetPage.tsx";
import { Header } from "./header/Header.tsx";
import { MinersPage } from "./miners/MinersPage.tsx";
import { routeOf, siteOf } from "./navigation.ts";
import { loadServerUnits } from "./serverUnits.ts";
import { reportSessionRegained } from "./sessionRegained.ts";
import { SetUpPage } from "./signIn/SetUpPage.tsx";
import { SignInAgain } from "./signIn/SignInAgain.tsx";
import { OneTask, SetUpHint, SignInPage } from "./signIn/SignInPage.tsx";
import { useLoad } from "./useLoad.ts";

// Charts and what only one page needs come when that page is opened.
const FirstRunPage = lazy(async () => ({ default: (await import("./firstRun/FirstRunPage.tsx")).FirstRunPage }));
const MapPage = lazy(async () => ({ default: (await import("./map/MapPage.tsx")).MapPage }));
const MinerPage = lazy(async () => ({ default: (await import("./miner/MinerPage.tsx")).MinerPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./settings/SettingsPage.tsx")).SettingsPage }));
const SitesPage = lazy(async () => ({ default: (await import("./sites/SitesPage.tsx")).SitesPage }));

/** `setUpToken`: from behind the `#` of a set-up link, null without one. */
export function App({ parts, setUpToken }: { parts: Parts; setUpToken: string | null }): ReactElement {
  return (
    <PartsContext value={parts}>
      <Gate setUpToken={setUpToken} />
    </PartsContext>
  );
}

/** Lets in who may see the fleet. */
function Gate({ setUpToken }: { setUpToken: string | null }): ReactElement {
  const { navigation } = useParts();
  const { data: session, error, reload } = useLoad("session", getSession);
  if (session === null && error === null) return <Skeleton lines={3} />;
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
    return setUpToken === null ? <SetUpHint /> : <SetUpPage token={setUpToken} onDone={started} />;
  if (session.user === null && session.signInRequired) return <SignInPage onSignedIn={reload} />;
  return (
    <SessionContext value={session}>
      <Shell />
    </SessionContext>
  );
}

/** The header, one page below it, and what lies on top when the session ends. */
function Shell(): ReactElement {
  const { link } = useParts();
  const linkState = useSyncExternalStore(link.subscribe, () => link.state);
  const [requestRefused, setRequestRefused] = useState(false);
  const { sites } = useParts();
  const address = useAddress();
  const siteId = siteOf(address);
  // What is typed there and not saved outlives a change of how things are shown.
  const isSettings = routeOf(address).page === "settings";
  const knownSites = useSites().items;
  const preferences = useSyncExternalStore(onPreferencesChange, preferencesRevision);
  const isUnknownSite = siteId !== null && knownSites !== null && !knownSites.some((site) => site.id === siteId);
  useEffect(() => {
    link.connect();
    return () => link.close();
  }, [link]);
  useEffect(() => void sites.load(), [sites]);
  useEffect(() => void loadServerUnits(), []);
  useEffect(() => link.setSite(isUnknownSite ? null : siteId), [link, siteId, isUnknownSite]);
  useEffect(() => onSessionLost(() => setRequestRefused(true)), []);
  const regained = (): void => {
    setRequestRefused(false);
    link.retry();
    reportSessionRegained();
    void sites.load();
  };
  return (
    <>
      <Header />
      <Suspense fallback={<Skeleton lines={8} />}>
        {isUnknownSite ? <NoSuchSite siteId={siteId} /> : <CurrentPage key={isSettings ? "settings" : preferences} />}
      </Suspense>
      {(requestRefused || linkState === "signedOut") && <SignInAgain onSignedIn={regained} />}
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
            <p className="soft">Pages that exist: the fleet, all miners, one miner, the map, sites and agents, settings.</p>
            <Link className="btn primary" href="/miners">
              Go to all miners
            </Link>
          </div>
        </main>
      );
  }
}
