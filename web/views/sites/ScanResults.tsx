import type { ReactElement } from "react";
import type { ScanItem } from "../../../server/contract/agentLink.ts";
import type { Scan } from "../../../server/contract/api.ts";
import { Link } from "../../components/Link.tsx";
import { ABSENT, countOf, formatNumber } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { FAILURE_LABELS } from "../../format/status.ts";
import { minerAddress } from "../navigation.ts";
import { endpointKey, useMinerIds } from "./minerIds.ts";

/** Rows of a result beyond this are counted, not listed: the table of all miners has them. */
const LISTED = 200;

/** What answered, the newest first; what answers without being a miner above the miners: there is less of it, and it asks for a look. */
export function ScanResults({ scan: { agentId, items, foundCount } }: { scan: Scan }): ReactElement | null {
  const minerIdAt = useMinerIds(agentId);
  if (items.length === 0) return null;
  const shown = [...items].reverse().sort((a, b) => Number(a.outcome === "found") - Number(b.outcome === "found"));
  return (
    <div className="scrollx results" tabIndex={0} role="region" aria-label="What was found">
      <table>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Result</th>
            <th scope="col">Model</th>
            <th scope="col">Firmware</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, LISTED).map((item) => (
            <tr key={endpointKey(item)}>
              <td className="id">
                <Address item={item} minerId={minerIdAt.get(endpointKey(item)) ?? null} />
              </td>
              <td className={`wrap ${item.outcome === "found" ? "" : "soft"}`}>{plainText(outcomeText(item))}</td>
              <td>{plainText(item.model ?? ABSENT)}</td>
              <td className="soft">{plainText(item.firmware ?? ABSENT)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length > LISTED && (
        <p className="blank soft">
          and {formatNumber(shown.length - LISTED)} more; {countOf(foundCount, "miner")} in all
        </p>
      )}
    </div>
  );
}

/** A miner is a link to its machine page as soon as it is part of the fleet. */
function Address({ item, minerId }: { item: ScanItem; minerId: string | null }): ReactElement {
  const text = item.port === 4028 ? item.address : endpointKey(item);
  return minerId === null ? <>{text}</> : <Link href={minerAddress(minerId)}>{text}</Link>;
}

/** What came of probing one address. */
export function outcomeText({ outcome, detail }: ScanItem): string {
  if (outcome === "found") return "miner";
  return detail === "" ? FAILURE_LABELS[outcome] : `${FAILURE_LABELS[outcome]}: ${detail}`;
}
