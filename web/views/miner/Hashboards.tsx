import type { ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { Hashboard } from "../../../server/contract/sample.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { RatedBar } from "../../components/RatedBar.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { figure, formatNumber, formatShare, textOf } from "../../format/number.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { boardFault } from "./boardFault.ts";
import { ChipMap } from "./ChipMap.tsx";

/** The boards side by side, so that the one that differs is seen. */
export function Hashboards({ detail, stale }: { detail: MinerDetail; stale: boolean }): ReactElement {
  const boards = detail.sample?.hashboards ?? [];
  if (boards.length === 0) return <section className="panel blank soft">No hashboard was reported yet.</section>;
  return (
    <section className={`panel boards ${stale ? "stale" : ""}`} aria-label="Hashboards">
      {boards.map((board) => (
        <Board key={board.chain} board={board} algorithm={detail.algorithm} stale={stale} />
      ))}
    </section>
  );
}

function Board({ board, algorithm, stale }: { board: Hashboard; algorithm: string; stale: boolean }): ReactElement {
  const fault = boardFault(board);
  const share = board.hashrateHs !== null && board.ratedHashrateHs ? board.hashrateHs / board.ratedHashrateHs : null;
  return (
    <article className={`board ${fault === null ? "" : "bad"}`} aria-label={`Hashboard ${board.chain}`}>
      <div className="title">
        <h2>Hashboard {board.chain}</h2>
        {fault !== null && (
          <span className="micro soft">
            <StatusMark status={fault.status} size={14} /> {fault.text}
          </span>
        )}
        <span className="rate">
          <FigureText figure={hashrateFigure(board.hashrateHs, algorithm)} />
        </span>
      </div>
      <RatedBar share={share} stale={stale} />
      {board.present ? <ChipMap chipMap={board.chipMap} /> : <p className="nochips muted">The model has this board; the reply does not.</p>}
      <BoardFacts board={board} share={share} />
    </article>
  );
}

function BoardFacts({ board, share }: { board: Hashboard; share: number | null }): ReactElement {
  const chips = board.chipOkCount ?? board.chipCount;
  const facts: [string, string][] = [
    ["of rated", formatShare(share)],
    ["chips", `${formatNumber(chips)} / ${formatNumber(board.expectedChipCount ?? board.chipCount)}`],
    ["chip", span(board.chipTempsC)],
    ["board", span(board.boardTempsC)],
    ["frequency", textOf(figure(board.freqMhz, "MHz"))],
    ["voltage", textOf(figure(board.voltageV, "V", 2))],
    ["HW errors", formatNumber(board.hwErrorCount)],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Readings of several sensors: the coolest and the hottest. */
function span(tempsC: readonly number[]): string {
  if (tempsC.length === 0) return formatNumber(null);
  const least = formatNumber(shownTemperature(Math.min(...tempsC)));
  const most = formatNumber(shownTemperature(Math.max(...tempsC)));
  return least === most ? `${most} ${temperatureUnit()}` : `${least} to ${most} ${temperatureUnit()}`;
}
