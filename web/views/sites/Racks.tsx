import { useState, type ReactElement } from "react";
import type { Rack } from "../../../server/contract/api.ts";
import { changeRack, createRack, removeRack } from "../../api/sites.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { countOf, formatNumber } from "../../format/number.ts";
import { useFleet, useMayOperate } from "../context.ts";
import { RackDialog } from "./RackDialog.tsx";

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
  const [asked, setAsked] = useState<{ what: "add" } | { what: "change" | "remove"; rack: Rack } | null>(null);
  const close = (): void => setAsked(null);
  const saved = async (change: Promise<unknown>): Promise<void> => {
    await change;
    onChange();
  };
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
                <th scope="col" className="num">
                  Rows
                </th>
                <th scope="col" className="num">
                  Columns
                </th>
                <th scope="col" className="num">
                  Slots
                </th>
                <th scope="col" className="num">
                  Miners placed
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
                  <td className="num">{rack.rows}</td>
                  <td className="num">{rack.columns}</td>
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
      {asked?.what === "add" && <RackDialog rack={null} onSave={(body) => saved(createRack({ siteId, ...body }))} onClose={close} />}
      {asked?.what === "change" && (
        <RackDialog rack={asked.rack} onSave={(body) => saved(changeRack(asked.rack.id, body))} onClose={close} />
      )}
      {asked?.what === "remove" && (
        <ConfirmDialog
          title={`Remove rack ${asked.rack.name}?`}
          action="Remove the rack"
          onConfirm={() => saved(removeRack(asked.rack.id))}
          onClose={close}
        >
          <p>
            <b>{countOf(placed.get(asked.rack.id) ?? 0, "miner")}</b> lose their place in it and stay.
          </p>
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Miners by the rack that they stand in. */
function usePlacedCounts(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const rackId of useFleet().identity.columns.rackId) if (rackId !== null) counts.set(rackId, (counts.get(rackId) ?? 0) + 1);
  return counts;
}
