import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Sample } from "../../../server/contract/sample.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { efficiencyFigure, hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, figure, formatShare, textOf, type Figure } from "../../format/number.ts";
import { temperatureFigure, temperatureUnit } from "../../format/temperature.ts";
import { formatAge, formatSpan } from "../../format/time.ts";

interface StripProps {
  readonly detail: MinerDetail;
  readonly nowMs: number;
  readonly stale: boolean;
}

/** The machine in one strip. Old figures stand as they were last seen, grey; what is computed from them is a dash. */
export function NowStrip({ detail, nowMs, stale }: StripProps): ReactElement {
  const { sample, algorithm } = detail;
  const hot = !stale && (detail.reason === "overTemperature" || detail.reason === "overTemperatureStop");
  return (
    <section className={`panel now ${stale ? "stale" : ""}`} aria-label="Now">
      <Fact figure={hashrateFigure(sample?.hashrateHs, algorithm)} label={ratedLabel(sample, algorithm, stale)} />
      <Fact
        figure={hashrateFigure(sample?.hashrate30mHs ?? sample?.hashrateMeanHs, algorithm)}
        label={sample?.hashrate30mHs != null ? "30 min mean" : "mean since start"}
      />
      <Fact figure={figure(sample?.powerW, "W")} label={POWER_LABELS[sample?.powerSource ?? "none"]} />
      <Fact figure={stale ? figure(null, "") : efficiencyFigure(sample?.efficiencyJPerTh, algorithm)} label="efficiency" />
      <Fact hot={hot} figure={temperatureFigure(sample?.chipTempCMax)} label="hottest chip" />
      <Fact figure={flowFigure(sample)} label={sample?.inletTempC == null ? "hottest board" : "inlet → outlet"} />
      <Fact figure={{ text: stale ? ABSENT : formatShare(rejectRatio(sample), 2), unit: "" }} label="rejected since start" />
      <Fact figure={{ text: formatSpan(sample?.uptimeMs), unit: "" }} label="uptime" sinceMs={startedAtMs(sample)} />
      <Fact
        figure={{ text: sample === null ? ABSENT : formatAge(nowMs - sample.polledAtMs), unit: "" }}
        label="age"
        sinceMs={sample?.polledAtMs ?? null}
      />
    </section>
  );
}

const POWER_LABELS = { reported: "power, reported by the miner", rated: "power, as rated for the model", none: "power" } as const;

function ratedLabel(sample: Sample | null, algorithm: string, stale: boolean): string {
  if (sample?.ratedHashrateHs == null) return "hashrate, rated not known";
  const rated = textOf(hashrateFigure(sample.ratedHashrateHs, algorithm));
  if (stale || sample.hashrateHs === null) return `last seen, of ${rated} rated`;
  return `${formatShare(sample.hashrateHs / sample.ratedHashrateHs)} of ${rated} rated`;
}

function flowFigure(sample: Sample | null): Figure {
  if (sample?.inletTempC == null) return temperatureFigure(sample?.boardTempCMax);
  return { text: `${temperatureFigure(sample.inletTempC).text} → ${temperatureFigure(sample.outletTempC).text}`, unit: temperatureUnit() };
}

function rejectRatio(sample: Sample | null): number | null {
  if (sample?.acceptedCount == null || sample.rejectedCount === null) return null;
  const all = sample.acceptedCount + sample.rejectedCount;
  return all === 0 ? null : sample.rejectedCount / all;
}

function startedAtMs(sample: Sample | null): number | null {
  return sample?.uptimeMs == null ? null : sample.polledAtMs - sample.uptimeMs;
}

interface FactProps {
  readonly figure: Figure;
  readonly label: string;
  readonly hot?: boolean;
  /** The instant that a length of time counts from. */
  readonly sinceMs?: number | null;
}

function Fact({ figure: shown, label, hot = false, sinceMs = null }: FactProps): ReactElement {
  const text = <FigureText figure={shown} />;
  return (
    <div>
      <b className={hot ? "hot" : ""}>
        {hot && "▴ "}
        {sinceMs === null ? text : <TimeText atMs={sinceMs}>{text}</TimeText>}
      </b>
      <span>{label}</span>
    </div>
  );
}
