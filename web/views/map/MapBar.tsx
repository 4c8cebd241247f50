import type { ReactElement, ReactNode } from "react";
import { Link } from "../../components/Link.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { temperatureUnit } from "../../format/temperature.ts";
import { useAddress, useMayOperate, useParts, useSites } from "../context.ts";
import { minersAddress } from "../miners/minersQuery.ts";
import { siteOf } from "../navigation.ts";
import type { Grouping } from "./blocks.ts";
import { COLOURINGS, type Colouring } from "./colouring.ts";
import { MapLegend } from "./MapLegend.tsx";
import type { MapModel } from "./mapModel.ts";
import type { MapQuery } from "./mapQuery.ts";

interface BarProps {
  readonly query: MapQuery;
  readonly model: MapModel | null;
  /** null while racks are edited. */
  readonly onEdit: (() => void) | null;
  readonly onChange: (part: Partial<MapQuery>) => void;
}

const GROUPINGS: Readonly<Record<Grouping, string>> = { rack: "Rack", subnet: "Subnet" };

/** What the colours say, how cells are put together, and the ways on. */
export function MapBar({ query, model, onEdit, onChange }: BarProps): ReactElement {
  const phone = usePhone();
  const mayOperate = useMayOperate();
  return (
    <div className="mapbar">
      {phone && <SiteSwitch />}
      <Labelled label="Colour by">
        {COLOURINGS.map((by) => (
          <button key={by} type="button" aria-pressed={by === query.by} onClick={() => onChange({ by })}>
            {colouringLabel(by)}
          </button>
        ))}
      </Labelled>
      {model === null ? <div className="leg" /> : <MapLegend model={model} />}
      <Labelled label="Group by" className="grouping">
        {(["rack", "subnet"] as const).map((group) => (
          <button key={group} type="button" aria-pressed={group === query.group} onClick={() => onChange({ group })}>
            {GROUPINGS[group]}
          </button>
        ))}
      </Labelled>
      <div className="maptools">
        <Link className="btn" href={minersAddress()}>
          As table
        </Link>
        {mayOperate && !phone && (
          <button type="button" className="btn" disabled={onEdit === null} onClick={() => onEdit?.()}>
            Edit racks
          </button>
        )}
      </div>
    </div>
  );
}

function Labelled({ label, className = "", children }: { label: string; className?: string; children: ReactNode }): ReactElement {
  return (
    <div className={`labelled ${className}`}>
      <p className="micro muted" aria-hidden="true">
        {label}
      </p>
      <div className="seg" role="group" aria-label={label}>
        {children}
      </div>
    </div>
  );
}

function colouringLabel(by: Colouring): string {
  switch (by) {
    case "status":
      return "Status";
    case "rated":
      return "Hashrate";
    case "temp":
      return `Chip ${temperatureUnit()}`;
    case "jth":
      return "J/TH";
    case "age":
      return "Age";
  }
}

/** A phone has room for one site: which, where there are several. */
function SiteSwitch(): ReactElement | null {
  const { navigation } = useParts();
  const sites = useSites().items ?? [];
  const siteId = siteOf(useAddress()) ?? sites.at(0)?.id;
  if (sites.length < 2) return null;
  return (
    <Labelled label="Site">
      {sites.map(({ id, name }) => (
        <button key={id} type="button" aria-pressed={id === siteId} onClick={() => navigation.pickSite(id)}>
          {name}
        </button>
      ))}
    </Labelled>
  );
}
