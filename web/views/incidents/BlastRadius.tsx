import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from "react";
import type { Incident } from "../../../server/contract/incidents.ts";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { onThemeChange } from "../../components/theme.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { useNowMs, useParts } from "../context.ts";
import type { MapLayout } from "../map/layout.ts";
import { MapCanvas } from "../map/mapCanvas.ts";
import { MapModel, type Instant } from "../map/mapModel.ts";
import { DEFAULT_MAP, mapAddress } from "../map/mapQuery.ts";
import { NO_MARKS } from "../map/marks.ts";
import { usePast } from "../map/usePast.ts";
import { useSiteBlocks } from "../map/useSiteBlocks.ts";
import { useSize, type Size } from "../map/useSize.ts";
import { fitMap } from "../wall/fitMap.ts";
import { blastCells, blastMarks } from "./blast.ts";
import { Clock } from "./cells.tsx";
import "../map/map.css";

/** By then a rack that went dark has gone; frames of the past are kept for so long. */
const AFTERWARDS_MS = 2 * 60_000;
const KEPT_MS = 30 * 86_400_000;

/** The site with the members of the incident marked: as it is now, or of one that is closed as it was then. */
export function BlastRadius({ incident }: { incident: Incident }): ReactElement {
  const nowMs = useNowMs();
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const thenMs = pastInstant(incident, nowMs);
  const past = usePast(thenMs);
  const { blocks, error, reload } = useSiteBlocks({ grouping: "rack", siteId: incident.siteId, isOneSite: false });
  const fit = useMemo(() => (blocks === null || size === null ? null : fitMap(blocks, size, 1)), [blocks, size]);
  const model = useModel(fit?.layout ?? null, past.instant);
  return (
    <section className="panel blast" aria-label="Blast radius">
      <header>
        <h2>Blast radius</h2>
        <span className="micro">
          {thenMs === null ? (
            "now"
          ) : (
            <>
              as it was at <Clock atMs={thenMs} />
            </>
          )}
        </span>
        <Link className="btn quiet push" href={mapAddress({ ...DEFAULT_MAP, atMs: thenMs ?? openedMinute(incident) })}>
          Map at that time
        </Link>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      <div ref={room} className="blastroom">
        {blocks !== null && blocks.length === 0 ? (
          <p className="soft">No miner of that site is in what this page shows: pick its site, or all sites.</p>
        ) : model !== null && fit !== null && size !== null ? (
          <Field model={model} incident={incident} size={size} view={fit.view} />
        ) : (
          <Skeleton lines={4} />
        )}
      </div>
    </section>
  );
}

const openedMinute = ({ openedAtMs }: Incident): number => Math.ceil(openedAtMs / 60_000) * 60_000;

function pastInstant(incident: Incident, nowMs: number): number | null {
  const { closedAtMs, openedAtMs } = incident;
  if (closedAtMs === null || nowMs - openedAtMs > KEPT_MS) return null;
  return Math.floor(Math.min(closedAtMs, openedAtMs + AFTERWARDS_MS) / 60_000) * 60_000;
}

function useModel(layout: MapLayout | null, instant: Instant): MapModel | null {
  const { fleet } = useParts();
  const [model, setModel] = useState<MapModel | null>(null);
  if (model === null && layout !== null) setModel(new MapModel(fleet, layout));
  useEffect(() => model?.open(), [model]);
  useEffect(() => {
    if (layout !== null) model?.show({ layout, by: "status", instant });
  }, [model, layout, instant]);
  return model;
}

interface FieldProps {
  readonly model: MapModel;
  readonly incident: Incident;
  readonly size: Size;
  readonly view: Parameters<MapCanvas["setView"]>[0];
}

function Field({ model, incident, size, view }: FieldProps): ReactElement {
  const { fleet } = useParts();
  const [canvas, setCanvas] = useState<MapCanvas | null>(null);
  const layout = useSyncExternalStore(model.subscribe, () => model.layout);
  const cells = useMemo(() => blastCells(fleet, layout, incident), [fleet, layout, incident]);
  const mount = useCallback(
    (element: HTMLDivElement) => {
      const opened = new MapCanvas(element, model);
      const closers = [
        model.subscribe((change) => opened.setPicture(model.layout, model.picture, change)),
        onThemeChange(() => opened.readColours()),
        () => opened.close(),
      ];
      setCanvas(opened);
      return () => {
        for (const close of closers) close();
      };
    },
    [model],
  );
  useEffect(() => {
    canvas?.resize(size.width, size.height);
    canvas?.setView(view);
  }, [canvas, size, view]);
  useEffect(() => canvas?.setMarks({ ...NO_MARKS, ...blastMarks(layout, cells) }), [canvas, layout, cells]);
  const label = `Map of ${countOf(layout.cellCount, "miner")}; ${formatNumber(cells.length)} of them belong to the incident and are framed`;
  return <div ref={mount} className="mapfield" role="img" aria-label={label} data-framed={cells.length} />;
}
