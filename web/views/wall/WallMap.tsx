import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import { onThemeChange } from "../../components/theme.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { countOf } from "../../format/number.ts";
import { useAddress, useParts } from "../context.ts";
import { MapCanvas } from "../map/mapCanvas.ts";
import { MapLegend } from "../map/MapLegend.tsx";
import { MapModel, type Instant } from "../map/mapModel.ts";
import { useSiteBlocks } from "../map/useSiteBlocks.ts";
import { useSize, type Size } from "../map/useSize.ts";
import { siteOf } from "../navigation.ts";
import { fitMap, type WallMapFit } from "./fitMap.ts";
import type { WallQuery } from "./wallQuery.ts";
import "../map/map.css";

const LIVE: Instant = { kind: "live" };

interface WallMapProps {
  readonly query: WallQuery;
  /** null: every site that is in scope. */
  readonly siteId: string | null;
  readonly magnification: number;
}

/** Every miner a cell, to be looked at: the whole map on one screen, without hands on it. */
export function WallMap({ query, siteId, magnification }: WallMapProps): ReactElement {
  const scopeId = siteOf(useAddress());
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const { blocks, error, reload } = useSiteBlocks({ grouping: query.grouping, siteId: scopeId, isOneSite: false });
  const fit = useMemo(() => {
    if (blocks === null || size === null) return null;
    const shown = blocks.filter((site) => siteId === null || site.siteId === siteId);
    return fitMap(shown, size, magnification);
  }, [blocks, size, siteId, magnification]);
  const model = useModel(fit, query);
  return (
    <>
      {error !== null && <Trouble error={error} retry={reload} />}
      <div className="walllegend" style={{ zoom: magnification }}>
        {model !== null && <MapLegend model={model} />}
      </div>
      <div ref={room} className="wallmap">
        {model !== null && fit !== null && size !== null ? <Field model={model} fit={fit} size={size} /> : <Skeleton lines={8} />}
      </div>
    </>
  );
}

function useModel(fit: WallMapFit | null, { by }: WallQuery): MapModel | null {
  const { fleet } = useParts();
  const [model, setModel] = useState<MapModel | null>(null);
  if (model === null && fit !== null) setModel(new MapModel(fleet, fit.layout));
  useEffect(() => model?.open(), [model]);
  useEffect(() => {
    if (fit !== null) model?.show({ layout: fit.layout, by, instant: LIVE });
  }, [model, fit, by]);
  return model;
}

function Field({ model, fit, size }: { model: MapModel; fit: WallMapFit; size: Size }): ReactElement {
  const [canvas, setCanvas] = useState<MapCanvas | null>(null);
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
  const { magnification, view, layout } = fit;
  useEffect(() => {
    canvas?.resize(size.width / magnification, size.height / magnification, magnification);
    canvas?.setView(view);
  }, [canvas, size, magnification, view]);
  return <div ref={mount} className="mapfield" role="img" aria-label={`Map of ${countOf(layout.cellCount, "miner")}`} />;
}
