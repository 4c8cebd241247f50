import { useState, type ReactElement, type SyntheticEvent } from "react";
import { countOf } from "../../format/number.ts";
import { useParts, useSelectedIds } from "../context.ts";
import { sortedByAddress, type Block } from "./blocks.ts";
import { fillSlots, placesCsv } from "./placing.ts";

interface PlaceProps {
  /** Of one site. */
  readonly blocks: readonly Block[];
  readonly onPropose: (title: string, csv: string) => void;
}

/** Places what is selected without dragging: into a rack, in order of address, from a slot on. */
export function PlaceSelected({ blocks, onPropose }: PlaceProps): ReactElement | null {
  const { fleet } = useParts();
  const ids = useSelectedIds();
  const racks = blocks.filter(({ kind }) => kind === "rack");
  const [rackId, setRackId] = useState("");
  const here = new Set(blocks.flatMap(({ rowAt }) => [...rowAt]));
  const rows = sortedByAddress(
    fleet,
    Array.from(ids, (id) => fleet.rowOf(id)).filter((row) => row !== -1 && here.has(row)),
  );
  if (rows.length === 0 || racks.length === 0) return null;
  const rack = racks.find(({ id }) => id === rackId) ?? racks[0];
  const submit = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fromSlot = Number(new FormData(event.currentTarget).get("slot"));
    const placements = fillSlots(rack, rows, fromSlot);
    const left = rows.length - placements.length;
    const title = `Place ${countOf(placements.length, "miner")} in rack ${rack.name}${left === 0 ? "" : `; ${left} find no free slot`}`;
    onPropose(title, placesCsv(fleet, placements));
  };
  return (
    <form className="placeselected" onSubmit={submit} aria-label="Place the selected">
      <span>{countOf(rows.length, "miner")} selected, into</span>
      <select className="input" aria-label="Rack" value={rack.id} onChange={(event) => setRackId(event.target.value)}>
        {racks.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <label>
        from slot <input key={rack.id} className="input" name="slot" type="number" min={1} max={rack.capacity} defaultValue={1} required />
      </label>
      <button className="btn">Place</button>
    </form>
  );
}
