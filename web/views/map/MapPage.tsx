import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { importPlaces } from "../../api/racks.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { usePhone } from "../../components/useMediaQuery.ts";
import { useAddress, useMayOperate, useParts } from "../context.ts";
import { minersAddress } from "../miners/minersQuery.ts";
import { siteOf } from "../navigation.ts";
import { SelectionBar } from "../SelectionBar.tsx";
import { useAction } from "../useAction.ts";
import { SelectionInAddress } from "../SelectionInAddress.ts";
import type { SiteBlocks } from "./blocks.ts";
import { createDragPlacing } from "./dragPlacing.ts";
import { layoutMap, type Viewport } from "./layout.ts";
import { MapBar } from "./MapBar.tsx";
import type { DragTool } from "./mapController.ts";
import { MapModel, type Instant } from "./mapModel.ts";
import { mapAddress, parseMapQuery, type MapQuery } from "./mapQuery.ts";
import { MapStage } from "./MapStage.tsx";
import { placesCsv, type Placement } from "./placing.ts";
import { RackEditor } from "./RackEditor.tsx";
import { TimeMachine } from "./TimeMachine.tsx";
import { usePast, type Past } from "./usePast.ts";
import { useSiteBlocks } from "./useSiteBlocks.ts";
import { useSize, type Size } from "./useSize.ts";
import "./map.css";

/** Pixels from one cell to the next: below the least a cell is not legible, above the most a small fleet would look like a chessboard. */
const PITCH = { minPitch: 5, maxPitch: 48 };
const PHONE_PITCH = { minPitch: 7, maxPitch: 18 };

/** Every miner a cell. The address holds what the colour says, the grouping, the instant and the selection. */
export function MapPage({ search }: { search: string }): ReactElement {
  const { navigation, fleet, link } = useParts();
  const { query, problems } = useMemo(() => parseMapQuery(search), [search]);
  const phone = usePhone();
  const siteId = siteOf(useAddress());
  const sites = useSiteBlocks({ grouping: query.group, siteId, isOneSite: phone });
  const hasTotals = useSyncExternalStore(fleet.subscribe, () => fleet.totals !== null);
  const past = usePast(query.atMs);
  useEffect(() => link.wantColumns(["statusSinceMs"]), [link]);
  const change = (part: Partial<MapQuery>): void => navigation.push(mapAddress({ ...query, ...part }));
  const step = (part: Partial<MapQuery>): void => navigation.replace(mapAddress({ ...query, ...part }));
  return (
    <main className="map">
      <SelectionInAddress />
      <h1 className="unseen">Map</h1>
      {problems.map((problem) => (
        <p key={problem} className="trouble" role="alert">
          {problem}
        </p>
      ))}
      {sites.error !== null && <Trouble error={sites.error} retry={sites.reload} />}
      {sites.blocks === null || !hasTotals ? (
        <Skeleton lines={12} />
      ) : sites.blocks.length === 0 ? (
        <NoMiner />
      ) : (
        <Board
          sites={sites.blocks}
          racks={sites.racks}
          onRacksChange={sites.reload}
          query={query}
          past={past}
          onChange={change}
          onStep={step}
        />
      )}
    </main>
  );
}

interface BoardProps {
  readonly sites: readonly SiteBlocks[];
  readonly racks: readonly Rack[];
  readonly onRacksChange: () => void;
  readonly query: MapQuery;
  readonly past: Past;
  readonly onChange: (part: Partial<MapQuery>) => void;
  readonly onStep: (part: Partial<MapQuery>) => void;
}

/** The bar, and below it the map as large as the window leaves room. */
function Board({ sites, racks, onRacksChange, query, past, onChange, onStep }: BoardProps): ReactElement {
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const minerCount = sites.reduce((sum, site) => sum + site.minerCount, 0);
  const model = useMapModel({ sites, size, by: query.by, instant: past.instant });
  const [isEditing, setEditing] = useState(false);
  const { error, tool } = useDragPlacing(model, isEditing);
  const edit = (): void => {
    if (query.group !== "rack") onChange({ group: "rack" });
    setEditing(true);
  };
  return (
    <>
      <MapBar query={query} model={model} onEdit={isEditing ? null : edit} onChange={onChange} />
      <div className={query.atMs === null ? "mapboard" : "mapboard past"}>
        <div ref={room} className="mapwrap">
          {size !== null && model !== null && <MapStage model={model} size={size} minerCount={minerCount} tool={tool} />}
          <SelectionBar>
            <Link className="btn" href={minersAddress()}>
              As table
            </Link>
          </SelectionBar>
        </div>
        {isEditing && <RackEditor sites={sites} racks={racks} error={error} onChange={onRacksChange} onClose={() => setEditing(false)} />}
      </div>
      <TimeMachine
        query={query}
        past={past}
        onGo={(atMs, { isStep }) => (isStep ? onStep : onChange)({ atMs })}
        onSpan={(span) => onChange({ span })}
      />
    </>
  );
}

/** The model of the map, kept for as long as the page is; null until the size of the window is known. */
function useMapModel({
  sites,
  size,
  by,
  instant,
}: Pick<BoardProps, "sites"> & { instant: Instant; size: Size | null; by: MapQuery["by"] }): MapModel | null {
  const { fleet } = useParts();
  const phone = usePhone();
  const [model, setModel] = useState<MapModel | null>(null);
  const layout = useMemo(() => (size === null ? null : layoutMap(sites, viewportOf(size, phone))), [sites, size, phone]);
  if (model === null && layout !== null) setModel(new MapModel(fleet, layout));
  useEffect(() => model?.open(), [model]);
  useEffect(() => {
    if (layout !== null) model?.show({ layout, by, instant });
  }, [model, layout, by, instant]);
  return model;
}

function viewportOf(size: Size, phone: boolean): Viewport {
  return { ...size, ...(phone ? PHONE_PITCH : PITCH), grain: 1 / Math.max(1, window.devicePixelRatio) };
}

/** While racks are edited, dragging places miners; without a word where it worked, as the map shows it. */
function useDragPlacing(model: MapModel | null, isEditing: boolean): { tool: DragTool | null; error: Error | null } {
  const { fleet, selection } = useParts();
  const { error, run } = useAction();
  const tool = useMemo(() => {
    if (model === null || !isEditing) return null;
    const place = (placements: readonly Placement[], siteId: string): void =>
      run(() => importPlaces({ siteId, csv: placesCsv(fleet, placements), isTrial: false }));
    return createDragPlacing({ model, fleet, selection }, place);
  }, [model, isEditing, fleet, selection, run]);
  return { tool, error };
}

function NoMiner(): ReactElement {
  const mayOperate = useMayOperate();
  return (
    <div className="panel nothing">
      <p>
        <b>No miner yet.</b> The map draws each one as a cell, once the address ranges of a site are scanned.
      </p>
      <Link className="btn primary" href={mayOperate ? "/first-run" : minersAddress()}>
        {mayOperate ? "Add ranges" : "Go to all miners"}
      </Link>
    </div>
  );
}
