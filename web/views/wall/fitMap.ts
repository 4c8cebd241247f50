import type { MapView } from "../map/geometry.ts";
import { layoutMap, type MapLayout } from "../map/layout.ts";
import type { SiteBlocks } from "../map/blocks.ts";
import type { Size } from "../map/useSize.ts";

export interface WallMapFit {
  readonly layout: MapLayout;
  /** How much larger than on a desk everything is drawn. */
  readonly magnification: number;
  readonly view: MapView;
}

const PITCH = { minPitch: 5, maxPitch: 30 };
const STEP = 0.25;

/** The map as large as it can be drawn and still be whole: nobody scrolls a wall. Letters give way first, then cells. */
export function fitMap(sites: readonly SiteBlocks[], { width, height }: Size, most: number): WallMapFit {
  const minerCount = sites.reduce((sum, site) => sum + site.minerCount, 0);
  for (let magnification = most; magnification > 1; magnification -= STEP) {
    const port = { width: width / magnification, height: height / magnification };
    if (minerCount * PITCH.minPitch ** 2 > port.width * port.height) continue;
    const layout = layoutMap(sites, { ...port, ...PITCH, grain: 1 / magnification });
    if (layout.width <= port.width && layout.height <= port.height) return { layout, magnification, view: { scale: 1, x: 0, y: 0 } };
  }
  const layout = layoutMap(sites, { width, height, ...PITCH, grain: 1 });
  const scale = Math.min(1, width / Math.max(1, layout.width), height / Math.max(1, layout.height));
  return { layout, magnification: 1, view: { scale, x: 0, y: 0 } };
}
