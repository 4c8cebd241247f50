import type { ReactElement, ReactNode } from "react";
import { Link } from "../../components/Link.tsx";
import { Popover } from "../../components/Popover.tsx";
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
import { SpanButtons } from "./SpanButtons.tsx";

interface BarProps {
  readonly query: MapQuery;
  readonly model: MapModel | null;
  /** null while racks are edited. */
  readonly onEdit: (() => void) | null;
  readonly onChange: (part: Partial<MapQuery>) => void;
}

const GROUPINGS: Readonly<Record<Grouping, string>> = { rack: "Rack", subnet: "Subnet" };

/** What the colours say, how cells are put together, and the ways on; on a phone in a line, the choices on a sheet. */
export function MapBar({ query, model, onEdit, onChange }: BarProps): ReactElement {
  const mayOperate = useMayOperate();
  if (usePhone()) return <CompactBar query={query} model={model} onChange={onChange} />;
  return (
    <div className="mapbar">
      <ColourBy query={query} onChange={onChange} />
      {model === null ? <div className="leg" /> : <MapLegend model={model} />}
      <GroupBy query={query} onChange={onChange} />
      <div className="maptools">
        <Link className="btn" href={minersAddress()}>
          As table
        </Link>
        {mayOperate && (
          <button type="button" className="btn" disabled={onEdit === null} onClick={() => onEdit?.()}>
            Edit racks
          </button>
        )}
      </div>
    </div>
  );
}

function CompactBar({ query, model, onChange }: Omit<BarProps, "onEdit">): ReactElement {
  const grouping = GROUPINGS[query.group].toLowerCase();
  return (
    <div className="mapbar compact">
      <Popover
        sheet
        className="btn"
        label={`${colouringLabel(query.by)} by ${grouping}, what the map shows`}
        button={
          <>
            {colouringLabel(query.by)} <span className="muted">by {grouping}</span> <span aria-hidden="true">▾</span>
          </>
        }
      >
        <div className="mapsheet">
          <SiteSwitch />
          <ColourBy query={query} onChange={onChange} />
          {model !== null && <MapLegend model={model} label="Legend with counts" />}
          <GroupBy query={query} onChange={onChange} />
          <Labelled label="Time machine reaches back">
            <SpanButtons span={query.span} onSpan={(span) => onChange({ span })} />
          </Labelled>
          <div className="sheetrow">
            <Link className="btn" href={minersAddress()}>
              As table
            </Link>
            <button type="button" className="btn primary" data-closes>
              Show the map
            </button>
          </div>
        </div>
      </Popover>
      {model !== null && <MapLegend model={model} />}
    </div>
  );
}

type ChoiceProps = Pick<BarProps, "query" | "onChange">;

function ColourBy({ query, onChange }: ChoiceProps): ReactElement {
  return (
    <Labelled label="Colour by">
      {COLOURINGS.map((by) => (
        <button key={by} type="button" aria-pressed={by === query.by} onClick={() => onChange({ by })}>
          {colouringLabel(by)}
        </button>
      ))}
    </Labelled>
  );
}

function GroupBy({ query, onChange }: ChoiceProps): ReactElement {
  return (
    <Labelled label="Group by">
      {(["rack", "subnet"] as const).map((group) => (
        <button key={group} type="button" aria-pressed={group === query.group} onClick={() => onChange({ group })}>
          {GROUPINGS[group]}
        </button>
      ))}
    </Labelled>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className="labelled">
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
