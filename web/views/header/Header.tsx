import { use, type ReactElement } from "react";
import { Brand } from "../../components/Brand.tsx";
import { Link } from "../../components/Link.tsx";
import { SearchBox } from "../../components/SearchBox.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { signOut } from "../../api/session.ts";
import { SessionContext, useAddress } from "../context.ts";
import { routeOf, type Route } from "../navigation.ts";
import { ConnectionText } from "./ConnectionText.tsx";
import { FleetFigures } from "./FleetFigures.tsx";
import { StatusCounts } from "./StatusCounts.tsx";
import { DisplayMenu } from "./DisplayMenu.tsx";
import { IncidentBell } from "./IncidentBell.tsx";
import { SitePicker } from "./SitePicker.tsx";
import "./header.css";

/** Stands on every page: where one can go, and how the fleet is. */
export function Header(): ReactElement {
  const phone = usePhone();
  return (
    <>
      <header className="top">
        <div className="top1">
          <Link className="brand" href="/" aria-label="Hashwatch, the fleet">
            <Brand />
          </Link>
          <SitePicker />
          {!phone && <Pages className="pages" />}
          {!phone && <SearchBox />}
          <ConnectionText />
          <IncidentBell />
          <DisplayMenu />
          <Person />
        </div>
        <div className="top2">
          <StatusCounts />
          <FleetFigures />
        </div>
      </header>
      {phone && <Pages className="tabbar" icons />}
    </>
  );
}

const PAGES = [
  { page: "fleet", href: "/", label: "Fleet", icon: "M3 17V9m5 8V4m5 13v-6m4 6V7" },
  { page: "miners", href: "/miners", label: "Miners", icon: "M3 5h14M3 10h14M3 15h14" },
  { page: "map", href: "/map", label: "Map", icon: "M3 3h5v5H3zM12 3h5v5h-5zM3 12h5v5H3zM12 12h5v5h-5z" },
  { page: "incidents", href: "/incidents", label: "Incidents", icon: "M10 3 17.5 16.5h-15zM10 8v4M10 14v.5" },
  {
    page: "sites",
    href: "/sites",
    label: "Sites & agents",
    short: "Sites",
    icon: "M3 3h5v5H3zM12 3h5v5h-5zM12 12h5v5h-5zM8 5.500h4M14.500 8v4",
  },
  { page: "settings", href: "/settings", label: "Settings", icon: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4" },
] as const;

/** Pages that have no place of their own in the navigation. */
const WITHIN: Readonly<Partial<Record<Route["page"], Route["page"]>>> = {
  miner: "miners",
  incident: "incidents",
  alertRules: "incidents",
  silences: "incidents",
  channels: "incidents",
  firstRun: "sites",
};

function isWithin(route: Route, page: Route["page"]): boolean {
  return (WITHIN[route.page] ?? route.page) === page;
}

function Pages({ className, icons = false }: { className: string; icons?: boolean }): ReactElement {
  const route = routeOf(useAddress());
  return (
    <nav aria-label="Main" className={className}>
      {PAGES.map(({ page, href, label, icon, ...names }) => (
        <Link key={page} href={href} className="plain" aria-current={isWithin(route, page) ? "page" : undefined}>
          {icons && (
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d={icon} strokeLinecap="round" />
            </svg>
          )}
          {icons && "short" in names ? names.short : label}
        </Link>
      ))}
    </nav>
  );
}

function Person(): ReactElement | null {
  const session = use(SessionContext);
  if (session?.user == null || !session.signInRequired) return null;
  // A page loaded anew holds nothing of the person who left.
  const leave = (): void => void signOut().finally(() => window.location.assign("/"));
  return (
    <button
      type="button"
      className="btn quiet signout"
      onClick={leave}
      title={`Signed in as ${session.user.username}, ${session.user.role}`}
    >
      Sign out
    </button>
  );
}
