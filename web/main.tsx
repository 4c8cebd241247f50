import { createRoot } from "react-dom/client";
import "@fontsource-variable/inter/opsz.css";
import "./tokens.css";
import "./base.css";
import { getAllIncidents } from "./api/incidents.ts";
import { getFleetIdentity, getMiner } from "./api/miners.ts";
import { ApiError } from "./api/request.ts";
import { getSession } from "./api/session.ts";
import { applyPreferences } from "./components/preferences.ts";
import { applyTheme } from "./components/theme.ts";
import { ServerClock } from "./live/clock.ts";
import { FleetLink } from "./live/connection.ts";
import { Fleet } from "./live/fleet.ts";
import { IncidentBook } from "./live/incidentBook.ts";
import { MinerAhead } from "./live/minerAhead.ts";
import { TextRanks } from "./live/order.ts";
import { Places } from "./live/places.ts";
import { Selection } from "./live/selection.ts";
import { App, type Secret } from "./views/App.tsx";
import { Navigation } from "./views/navigation.ts";
import { SecondClock } from "./views/secondClock.ts";
import { SiteList } from "./views/sites/siteList.ts";

/** The secret of a set-up or wall link, taken out of the address at once so that it stays in no history. */
function takeSecret(): Secret | null {
  const params = new URLSearchParams(window.location.hash.slice(1));
  const kind = (["setup", "wall"] as const).find((name) => params.has(name));
  if (kind === undefined) return null;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return { kind, token: params.get(kind) ?? "" };
}

function isSecretLink(hash: string): boolean {
  return /^#(setup|wall)=/.test(hash);
}

async function checkSession(): Promise<"signedIn" | "signedOut" | "unreachable"> {
  try {
    const { user, wall, signInRequired } = await getSession();
    return user === null && wall === null && signInRequired ? "signedOut" : "signedIn";
  } catch (error) {
    return error instanceof ApiError && error.status === 401 ? "signedOut" : "unreachable";
  }
}

applyTheme();
applyPreferences();
const clock = new ServerClock(() => Date.now());
const fleet = new Fleet(clock, (callback) => void window.requestAnimationFrame(callback));
const link = new FleetLink({ fleet, loadIdentity: getFleetIdentity, checkSession });
const loadIncidents = (): ReturnType<typeof getAllIncidents> =>
  getAllIncidents({ state: "open,acknowledged" }, new AbortController().signal);
const parts = {
  fleet,
  link,
  incidents: new IncidentBook(clock, loadIncidents),
  navigation: new Navigation(),
  selection: new Selection(),
  sites: new SiteList(),
  places: new Places(),
  ranks: new TextRanks(),
  seconds: new SecondClock(() => clock.nowMs()),
  ahead: new MinerAhead(getMiner, () => performance.now()),
};
const root = document.getElementById("root");
if (root === null) throw new TypeError("index.html has no #root");
// A link that is opened over the page it leads to changes nothing but what stands behind its `#`, and would not be read.
window.addEventListener("hashchange", () => isSecretLink(window.location.hash) && window.location.reload());
createRoot(root).render(<App parts={parts} secret={takeSecret()} />);
