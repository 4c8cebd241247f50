import type { ReactElement } from "react";
import type { Scan } from "../../../server/contract/api.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { useFleet } from "../context.ts";
import { endpointKey, useMinerIds } from "../sites/minerIds.ts";
import { noMiners } from "../sites/ScanProgress.tsx";
import { outcomeText } from "../sites/ScanResults.tsx";
import { foundByModel } from "./foundByModel.ts";

/** Answers of machines that are no miners, beyond which the rest is counted. */
const LISTED = 12;

/** What a scan found, by model, with the hashrate that they have by now. */
export function ByModel({ scan }: { scan: Scan }): ReactElement | null {
  const fleet = useFleet();
  const minerIdAt = useMinerIds(scan.agentId);
  const hashrateOf = (endpoint: { address: string; port: number }): number => {
    const minerId = minerIdAt.get(endpointKey(endpoint));
    return minerId === undefined ? Number.NaN : fleet.value("hashrateHs", fleet.rowOf(minerId));
  };
  const models = foundByModel(scan.items, hashrateOf);
  if (models.length === 0) return null;
  return (
    <section className="panel" aria-label="By model">
      <table>
        <thead>
          <tr>
            <th scope="col">By model</th>
            <th scope="col" className="num">
              Miners
            </th>
            <th scope="col" className="num">
              Hashrate
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map(({ model, count, hashrateHs }) => (
            <tr key={model}>
              <td>{plainText(model ?? "model not told")}</td>
              <td className="num">{formatNumber(count)}</td>
              <td className="num">
                <FigureText figure={hashrateFigure(hashrateHs)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What answers and is no miner: it asks for a look. */
export function NoMinersFound({ scan }: { scan: Scan }): ReactElement | null {
  const others = noMiners(scan);
  if (others.length === 0) return null;
  return (
    <section className="panel" aria-label="Answers, but no miner">
      <header>
        <h2>
          No miner found at {formatNumber(others.length)} {others.length === 1 ? "address that answers" : "addresses that answer"}
        </h2>
      </header>
      <ul className="others">
        {others.slice(0, LISTED).map((item) => (
          <li key={endpointKey(item)}>
            <b className="id">{item.port === 4028 ? item.address : endpointKey(item)}</b>
            <span className="soft">{plainText(outcomeText(item))}</span>
          </li>
        ))}
      </ul>
      {others.length > LISTED && <p className="blank soft">and {formatNumber(others.length - LISTED)} more</p>}
    </section>
  );
}
