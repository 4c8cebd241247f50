import { useCallback, useEffect, useState, useSyncExternalStore, type ReactElement } from "react";
import { onThemeChange } from "../../components/theme.ts";
import { ABSENT, countOf } from "../../format/number.ts";
import { useParts } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { FactCard, FactSheet } from "./FactCard.tsx";
import { MapController, type DragTool } from "./mapController.ts";
import type { MapModel } from "./mapModel.ts";
import { minerFacts, spokenFacts, type MinerFacts } from "./minerFacts.ts";
import type { Size } from "./useSize.ts";

interface StageProps {
  readonly model: MapModel;
  readonly size: Size;
  readonly minerCount: number;
  /** null: dragging selects. */
  readonly tool: DragTool | null;
}

/** The map itself: three canvases, the hands and keys on them, and the facts of the miner in question. */
export function MapStage({ model, size, minerCount, tool }: StageProps): ReactElement {
  const { fleet, navigation, selection } = useParts();
  const [controller, setController] = useState<MapController | null>(null);
  const mount = useCallback(
    (element: HTMLDivElement) => {
      const openMiner = (minerId: string): void => navigation.push(minerAddress(minerId));
      const opened = new MapController({ element, model, fleet, selection, openMiner });
      const unsubscribe = onThemeChange(() => opened.readColours());
      setController(opened);
      return () => {
        unsubscribe();
        opened.close();
      };
    },
    [model, fleet, selection, navigation],
  );
  useEffect(() => controller?.resize(size.width, size.height), [controller, size]);
  useEffect(() => controller?.setTool(tool), [controller, tool]);
  return (
    <>
      <div
        ref={mount}
        className="mapfield"
        role="application"
        tabIndex={0}
        aria-label={`Map of ${countOf(minerCount, "miner")}`}
        aria-describedby="map-keys"
        onFocus={(event) => controller?.setFocus(event.currentTarget.matches(":focus-visible"))}
        onBlur={() => controller?.setFocus(false)}
        onKeyDown={(event) => {
          controller?.setFocus(true);
          if (controller?.key(event) === true) event.preventDefault();
        }}
      />
      <p id="map-keys" hidden>
        Arrow keys move between miners, Home and End within a rack, Page Up and Page Down between racks. Enter opens the machine, space
        selects it, shift with an arrow selects on the way. Plus and minus zoom, zero shows all.
      </p>
      {controller !== null && <Pointed controller={controller} model={model} size={size} />}
      {controller !== null && <ZoomButtons controller={controller} />}
    </>
  );
}

/** The miner under the pointer or the keys, on a card and in words. */
function Pointed({ controller, model, size }: { controller: MapController; model: MapModel; size: Size }): ReactElement {
  const { fleet } = useParts();
  const shown = useSyncExternalStore(controller.subscribe, () => controller.shown);
  const picture = useSyncExternalStore(model.subscribe, () => model.picture);
  const facts = shown === null ? null : minerFacts(fleet, shown.row, { picture, place: placeName(model, shown.row) });
  return (
    <>
      <Announcement facts={shown?.by === "keys" ? facts : null} />
      {shown !== null && facts !== null && shown.by !== "touch" && <FactCard facts={facts} rect={shown.rect} port={size} />}
      {shown !== null && facts !== null && shown.by === "touch" && <FactSheet facts={facts} onClose={() => controller.dismiss()} />}
    </>
  );
}

/** Said once when another miner is reached, not with each change of its values. */
function Announcement({ facts }: { facts: MinerFacts | null }): ReactElement {
  const [said, setSaid] = useState({ id: "", text: "" });
  const id = facts === null ? "" : `${facts.id} ${facts.sentence.split(",")[0]}`;
  if (said.id !== id) setSaid({ id, text: facts === null ? "" : spokenFacts(facts) });
  return (
    <p className="unseen" role="status">
      {said.text}
    </p>
  );
}

/** `Rack B07, slot 21`, or the subnet. */
function placeName({ layout }: MapModel, row: number): string {
  const placed = layout.blocks.at(layout.blockOfCell[layout.cellOfRow[row] ?? -1] ?? 0);
  if (placed === undefined) return ABSENT;
  const { kind, name, rowAt, capacity } = placed.block;
  if (kind === "subnet") return name;
  const place = rowAt.indexOf(row);
  return place < capacity ? `Rack ${name}, slot ${place + 1}` : `Rack ${name}, no slot`;
}

function ZoomButtons({ controller }: { controller: MapController }): ReactElement {
  const isZoomed = useSyncExternalStore(controller.subscribe, () => controller.view.scale > 1);
  return (
    <div className="zoom" role="group" aria-label="Zoom">
      <button type="button" className="btn" onClick={() => controller.zoomBy(1)} aria-label="Zoom in" title="Zoom in (+)">
        +
      </button>
      <button
        type="button"
        className="btn"
        onClick={() => controller.zoomBy(-1)}
        aria-label="Zoom out"
        title="Zoom out (−)"
        disabled={!isZoomed}
      >
        −
      </button>
      {isZoomed && (
        <button type="button" className="btn" onClick={() => controller.showAll()} title="Show all (0)">
          All
        </button>
      )}
    </div>
  );
}
