import { useMemo, useState, type ReactElement } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { formatNumber } from "../../format/number.ts";
import { useIdentity, useMayOperate } from "../context.ts";
import { RackQuestion, type RackWish } from "./RackQuestion.tsx";

interface RacksProps {
  readonly siteId: string;
  readonly racks: readonly Rack[];
  readonly onChange: () => void;
}

const byName = (a: Rack, b: Rack): number => a.name.localeCompare(b.name, "en", { numeric: true });

/** The racks of a site, by name. */
export function Racks({ siteId, racks, onChange }: RacksProps): ReactElement {
  const mayOperate = useMayOperate();
  const placed = usePlacedCounts();
  const [asked, setAsked] = useState<RackWish | null>(null);
  return (
    <section className="panel" aria-label="Racks">
      <header>
        <h3 className="agentname">Racks</h3>
        <span className="micro">
          {racks.length === 0 ? "none yet; the map groups by subnet until there are" : formatNumber(racks.length)}
        </span>
        {mayOperate && (
          <button type="button" className="btn push" onClick={() => setAsked({ what: "add" })}>
            Add a rack
          </button>
        )}
      </header>
      {racks.length > 0 && (
        <div className="scrollx racklist" tabIndex={0} role="region" aria-label="List of racks">
          <table>
            <thead>
              <tr>
                <th scope="col">Rack</th>
                <th scope="col" className="num desk">
                  Rows
                </th>
                <th scope="col" className="num desk">
                  Columns
                </th>
                <th scope="col" className="num">
                  Slots
                </th>
                <th scope="col" className="num">
                  Placed
                </th>
                <th scope="col">
                  <span className="unseen">Changes</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {[...racks].sort(byName).map((rack) => (
                <tr key={rack.id}>
                  <th scope="row">{rack.name}</th>
                  <td className="num desk">{rack.rows}</td>
                  <td className="num desk">{rack.columns}</td>
                  <td className="num">{formatNumber(rack.rows * rack.columns)}</td>
                  <td className="num">{formatNumber(placed.get(rack.id) ?? 0)}</td>
                  <td>
                    {mayOperate && (
                      <>
                        <button type="button" className="btn quiet" onClick={() => setAsked({ what: "change", rack })}>
                          Change<span className="unseen"> {rack.name}</span>
                        </button>
                        <button type="button" className="btn quiet" onClick={() => setAsked({ what: "remove", rack })}>
                          Remove<span className="unseen"> {rack.name}</span>
                        </button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked !== null && (
        <RackQuestion
          wish={asked}
          siteId={siteId}
          placedIn={(rackId) => placed.get(rackId) ?? 0}
          onChange={onChange}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

/** Miners by the rack that they stand in. */
function usePlacedCounts(): ReadonlyMap<string, number> {
  const identity = useIdentity();
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const rackId of identity.rackId) if (rackId !== null) counts.set(rackId, (counts.get(rackId) ?? 0) + 1);
    return counts;
  }, [identity]);
}
