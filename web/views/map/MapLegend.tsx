import { useSyncExternalStore, type ReactElement } from "react";
import { STATUSES } from "../../../server/contract/status.ts";
import { StatusMark } from "../../components/StatusMark.tsx";
import { formatNumber } from "../../format/number.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { formatAge } from "../../format/time.ts";
import { BIN_COUNT, NO_VALUE, OVER, type Measure, type Scale } from "./colouring.ts";
import { drawCell } from "./drawCell.ts";
import type { MapModel, Picture } from "./mapModel.ts";
import { useThemedCanvas } from "./useThemedCanvas.ts";

/** What the colours mean, and how many cells have each. */
export function MapLegend({ model, label = "Legend" }: { model: MapModel; label?: string }): ReactElement {
  const picture = useSyncExternalStore(model.subscribe, () => model.picture);
  const { by, scale } = picture;
  if (by === "status" || scale === null) return <StatusLegend picture={picture} label={label} />;
  return <RampLegend picture={picture} measure={by} scale={scale} label={label} />;
}

function StatusLegend({ picture: { counts }, label }: { picture: Picture; label: string }): ReactElement {
  const nobody = counts[NO_VALUE];
  return (
    <section className="leg" aria-label={label}>
      <h2 className="micro muted">Status, one cell per miner</h2>
      <ul className="keys">
        {STATUSES.map((status, code) => (
          <li key={status}>
            <span>
              <StatusMark status={status} size={14} /> <b>{formatNumber(counts[code])}</b>{" "}
              <span className="desk">{STATUS_LABELS[status].toLowerCase()}</span>
            </span>
            <Swatch code={code} />
          </li>
        ))}
        {nobody > 0 && (
          <li>
            <span>
              <b>{formatNumber(nobody)}</b> without data
            </span>
            <Swatch code={NO_VALUE} />
          </li>
        )}
      </ul>
    </section>
  );
}

/** Six cells as the map draws them. */
function Swatch({ code }: { code: number }): ReactElement {
  const canvas = useThemedCanvas((g, palette, pixel) => {
    for (let cell = 0; cell < 6; cell++)
      drawCell(g, code, { x: cell * 8 * pixel, y: 0, width: 7 * pixel, height: 7 * pixel }, { by: "status", palette, pixel });
  }, `${code}`);
  return <canvas ref={canvas} className="swatch" aria-hidden="true" />;
}

interface MeasureWords {
  readonly title: () => string;
  readonly tick: (value: number) => string;
  /** What the ring says; null where no threshold is known. */
  readonly over: string | null;
}

const WORDS: Readonly<Record<Measure, MeasureWords>> = {
  rated: { title: () => "Hashrate against rated, %", tick: (value) => `${formatNumber(value)} %`, over: "low hashrate" },
  temp: {
    title: () => `Hottest chip, ${temperatureUnit()}`,
    tick: (value) => formatNumber(shownTemperature(value)),
    over: "over its threshold",
  },
  jth: { title: () => "Efficiency, J/TH", tick: (value) => formatNumber(value), over: null },
  age: { title: () => "Age of the last sample", tick: (value) => formatAge(value), over: "older than two intervals" },
};

interface RampProps {
  readonly picture: Picture;
  readonly measure: Measure;
  readonly scale: Scale;
  readonly label: string;
}

function RampLegend({ picture, measure, scale, label }: RampProps): ReactElement {
  const { counts, instant } = picture;
  const words = WORDS[measure];
  const bins = Array.from({ length: BIN_COUNT }, (_, bin) => counts[bin] + counts[bin + OVER]);
  const overCount = counts.subarray(OVER).reduce((sum, count) => sum + count, 0);
  const isKept = instant.kind === "live" || measure === "rated" || measure === "temp";
  const canvas = useThemedCanvas((g, palette, pixel) => drawHistogram(g, bins, { colours: palette.ramps[measure], pixel }), bins.join());
  return (
    <section className="leg" aria-label={label}>
      <h2 className="micro muted">{words.title()}</h2>
      <div className="ramp">
        <div className="scale">
          <canvas ref={canvas} className="histogram" role="img" aria-label={spoken(bins, measure, scale)} />
          <div className="ticks" aria-hidden="true">
            {scale.ticks.map((tick) => (
              <span key={tick} style={{ left: `${scale.position(tick) * 100}%` }}>
                {words.tick(tick)}
              </span>
            ))}
          </div>
        </div>
        <ul className="rampkeys">
          <li>
            <i className="novalue" /> {formatNumber(counts[NO_VALUE])} without a value
            {!isKept && ": the past keeps status, hashrate and chip temperature"}
          </li>
          {words.over !== null && (
            <li>
              <i className="over" /> {formatNumber(overCount)} {words.over}
            </li>
          )}
        </ul>
      </div>
    </section>
  );
}

/** Where most of the fleet lies, for those who hear the page. */
function spoken(bins: readonly number[], measure: Measure, { ticks, position }: Scale): string {
  const parts = ticks.slice(1).map((tick, index) => {
    const from = Math.round(position(ticks[index]) * BIN_COUNT);
    const to = Math.round(position(tick) * BIN_COUNT);
    const count = bins.slice(from, to).reduce((sum, value) => sum + value, 0);
    return `${WORDS[measure].tick(ticks[index])} to ${WORDS[measure].tick(tick)}: ${formatNumber(count)}`;
  });
  return `${WORDS[measure].title()}. Miners from ${parts.join("; ")}`;
}

/** Bars by the square root of their count, so that a few hot ones beside thousands are seen; below them the ramp. */
function drawHistogram(
  g: CanvasRenderingContext2D,
  bins: readonly number[],
  { colours, pixel }: { colours: readonly string[]; pixel: number },
): void {
  const { width, height } = g.canvas;
  const most = Math.max(1, ...bins);
  const ramp = 5 * pixel;
  const room = height - ramp - pixel;
  bins.forEach((count, bin) => {
    const [left, right] = [Math.round((bin / bins.length) * width), Math.round(((bin + 1) / bins.length) * width)];
    const bar = count === 0 ? 0 : Math.max(2 * pixel, Math.sqrt(count / most) * room);
    g.fillStyle = colours[bin];
    g.fillRect(left, room - bar, right - left - pixel, bar);
    g.fillRect(left, height - ramp, right - left, ramp);
  });
}
