import type { ReactElement } from "react";
import type { ScanItem } from "../../../server/contract/agentLink.ts";
import type { Scan } from "../../../server/contract/api.ts";
import { FigureText } from "../../components/FigureText.tsx";
import { Link } from "../../components/Link.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { hashrateFigure } from "../../format/hashrate.ts";
import { ABSENT, formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { statusWord } from "../../format/status.ts";
import { shownTemperature, temperatureUnit } from "../../format/temperature.ts";
import { useFleet } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { endpointKey, useMinerIds } from "../sites/minerIds.ts";

/** Rows beyond this are counted: the fleet has them. */
const LISTED = 50;

/** The miners that a scan found, the newest first, each with what its first polls say. */
export function FoundMiners({ scan }: { scan: Scan }): ReactElement | null {
  const minerIdAt = useMinerIds(scan.agentId);
  const found = scan.items.filter(({ outcome }) => outcome === "found").reverse();
  if (found.length === 0) return null;
  return (
    <section className="panel" aria-label="Found">
      <header>
        <h2>Found</h2>
        <span className="micro">newest first; each is polled as soon as it is found</span>
      </header>
      <div className="scrollx foundlist" tabIndex={0} role="region" aria-label="Table of found miners">
        <table>
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Model</th>
              <th scope="col">Status</th>
              <th scope="col" className="num">
                Hashrate
              </th>
              <th scope="col" className="num desk">
                Chip {temperatureUnit()}
              </th>
              <th scope="col" className="desk">
                Firmware
              </th>
              <th scope="col" className="desk">
                Worker
              </th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, LISTED).map((item) => (
              <FoundRow key={endpointKey(item)} item={item} minerId={minerIdAt.get(endpointKey(item)) ?? null} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length > LISTED && <p className="blank soft">and {formatNumber(found.length - LISTED)} more in the fleet</p>}
    </section>
  );
}

function FoundRow({ item, minerId }: { item: ScanItem; minerId: string | null }): ReactElement {
  const fleet = useFleet();
  const row = minerId === null ? -1 : fleet.rowOf(minerId);
  const { columns } = fleet.identity;
  const index = row === -1 ? -1 : fleet.identityOfRow()[row];
  const { status, reason } = fleet.statusOf(row);
  const isAsked = row === -1 || reason === "neverPolled";
  const address = item.port === 4028 ? item.address : endpointKey(item);
  return (
    <tr>
      <td className="id">{minerId === null ? address : <Link href={minerAddress(minerId)}>{address}</Link>}</td>
      <td>{plainText(item.model ?? ABSENT)}</td>
      <td>
        {isAsked ? (
          <span className="muted">asking…</span>
        ) : (
          <span className="st">
            <StatusMark status={status} />
            {statusWord(status, reason)}
          </span>
        )}
      </td>
      <td className="num">
        <FigureText figure={hashrateFigure(isAsked ? null : fleet.value("hashrateHs", row), columns.algorithm[index])} />
      </td>
      <td className="num desk">{isAsked ? ABSENT : chipText(fleet.value("chipTempCMax", row))}</td>
      <td className="desk soft">{plainText(item.firmware ?? ABSENT)}</td>
      <td className="desk soft">{plainText(columns.worker[index] ?? ABSENT)}</td>
    </tr>
  );
}

function chipText(chipTempC: number): string {
  return formatNumber(Number.isNaN(chipTempC) ? null : shownTemperature(chipTempC));
}
