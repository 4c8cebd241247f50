import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { useAddress } from "../context.ts";
import { routeOf } from "../navigation.ts";
import "./areaNav.css";

const AREAS = [
  { page: "incidents", href: "/incidents", label: "Incidents" },
  { page: "alertRules", href: "/incidents/rules", label: "Rules" },
  { page: "silences", href: "/incidents/silences", label: "Silences" },
  { page: "channels", href: "/incidents/channels", label: "Channels" },
] as const;

/** Between the incidents and what makes, hushes and sends them. */
export function AreaNav(): ReactElement {
  const { page } = routeOf(useAddress());
  return (
    <nav className="areanav" aria-label="Incidents">
      {AREAS.map((area) => (
        <Link key={area.page} className="plain" href={area.href} aria-current={area.page === page ? "page" : undefined}>
          {area.label}
        </Link>
      ))}
    </nav>
  );
}
