import type { Endpoint, PollOutcome } from "../../agent/poll/ports.ts";
import type { ReportedIdentity } from "../contract/identity.ts";
import type { AgentSample, Hashboard, Pool } from "../contract/sample.ts";

type Row = readonly [label: string, value: string | null];

/** What one poll came to, for a person at a terminal. What the miner did not report is left out or shown as a dash, never as 0. */
export function describeOutcome({ address, port }: Endpoint, outcome: PollOutcome): string {
  const title = `${address}:${port}`;
  const about = outcome.identity === null ? [] : identityRows(outcome.identity);
  if (!outcome.ok) return lines([`${title}: ${outcome.failure}, ${outcome.detail}`, ...table(about)]);
  const { sample } = outcome;
  return lines([
    `${title}, polled in ${Math.round(sample.durationMs)} ms`,
    ...table([...about, ...sampleRows(sample)]),
    ...sample.hashboards.map(boardLine),
    ...sample.pools.map(poolLine),
  ]);
}

function identityRows(identity: ReportedIdentity): Row[] {
  const { family, version } = identity.firmware;
  const reported =
    identity.modelReported === null || identity.modelReported === identity.model ? "" : ` (reports "${identity.modelReported}")`;
  return [
    ["model", `${identity.model ?? "not stated"}${reported}`],
    ["firmware", version === null ? family : `${family} ${version}`],
    ["control board", identity.controlBoard],
    ["MAC", identity.mac],
    ["serial", identity.serial],
    ["host name", identity.hostname],
  ];
}

function sampleRows(sample: AgentSample): Row[] {
  const { algorithm, powerSource } = sample;
  const shares = `${orDash(sample.acceptedCount)} accepted, ${orDash(sample.rejectedCount)} rejected, ${orDash(sample.staleCount)} stale`;
  return [
    ["mode", sample.mode],
    ["up for", sample.uptimeMs === null ? null : duration(sample.uptimeMs)],
    ["hashrate", `${rate(sample.hashrateHs, algorithm)} of ${rate(sample.ratedHashrateHs, algorithm)} rated`],
    ["mean, 30 min", `${rate(sample.hashrateMeanHs, algorithm)}, ${rate(sample.hashrate30mHs, algorithm)}`],
    ["power", sample.powerW === null ? null : `${Math.round(sample.powerW)} W (${powerSource ?? "unknown"})`],
    ["efficiency", sample.efficiencyJPerTh === null ? null : `${sample.efficiencyJPerTh.toFixed(1)} J/TH`],
    ["hottest", `chip ${celsius(sample.chipTempCMax)}, board ${celsius(sample.boardTempCMax)}`],
    ["inlet, outlet", sample.inletTempC === null ? null : `${celsius(sample.inletTempC)}, ${celsius(sample.outletTempC)}`],
    ["fans", sample.fansRpm.length === 0 ? null : `${sample.fansRpm.join(", ")} rpm (${orDash(sample.expectedFanCount)} expected)`],
    ["shares", shares],
    ["hardware errors", sample.hwErrorCount === null ? null : String(sample.hwErrorCount)],
  ];
}

function boardLine(board: Hashboard): string {
  if (!board.present) return `  board ${board.chain}: missing`;
  const chips = `${orDash(board.chipCount)} of ${orDash(board.expectedChipCount)} chips, ${orDash(board.chipBadCount)} bad`;
  const chip = board.chipTempsC.length === 0 ? null : Math.max(...board.chipTempsC);
  return `  board ${board.chain}: ${rate(board.hashrateHs, "")}, ${chips}, ${orDash(board.freqMhz)} MHz, chip ${celsius(chip)}`;
}

function poolLine(pool: Pool): string {
  return `  pool ${pool.index}: ${pool.url}, ${pool.worker}, ${pool.status}${pool.active ? ", active" : ""}, ${orDash(pool.acceptedCount)} accepted`;
}

function table(rows: readonly Row[]): string[] {
  return rows.flatMap(([label, value]) => (value === null ? [] : [`  ${label.padEnd(16)}${value}`]));
}

function lines(texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}

const PREFIXES = ["", "k", "M", "G", "T", "P"];

function rate(hashrateHs: number | null, algorithm: string): string {
  if (hashrateHs === null) return "–";
  const unit = algorithm === "equihash" ? "Sol/s" : "H/s";
  const step = hashrateHs < 1000 ? 0 : Math.min(PREFIXES.length - 1, Math.floor(Math.log10(hashrateHs) / 3));
  return `${(hashrateHs / 1000 ** step).toFixed(2)} ${PREFIXES[step]}${unit}`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  return days > 0 ? `${days} d ${hours} h` : `${hours} h ${minutes % 60} min`;
}

function celsius(value: number | null): string {
  return value === null ? "–" : `${value} °C`;
}

function orDash(value: number | null): string {
  return value === null ? "–" : String(value);
}
