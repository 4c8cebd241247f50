import { useMemo, type ReactElement } from "react";
import type { Range, Scan } from "../../../server/contract/api.ts";
import { addressBlocks, type AddressBlock, type AddressState } from "./addressSpace.ts";

const PER_LINE = 128;
const CELL = { width: 6, height: 9, gap: 1 };
const DRAWN: readonly AddressState[] = ["none", "other", "found"];

/** The addresses of the ranges, each a cell, as they fill with miners. */
export function AddressSpace({ ranges, scan }: { ranges: readonly Range[]; scan: Scan }): ReactElement | null {
  const { items } = scan;
  const blocks = useMemo(
    () =>
      addressBlocks(
        ranges.map(({ range }) => range),
        items,
      ),
    [ranges, items],
  );
  if (blocks === null) return null;
  return (
    <div className="space">
      {blocks.map((block) => (
        <Block key={block.prefix} block={block} />
      ))}
      <ul className="spacelegend" aria-label="What the cells mean">
        <li>
          <Sample state="found" /> miner
        </li>
        <li>
          <Sample state="other" /> answers, no miner
        </li>
        <li>
          <Sample state="none" /> {scan.state === "running" ? "nothing yet" : "no answer, or the port closed"}
        </li>
      </ul>
    </div>
  );
}

function Block({ block: { prefix, states } }: { block: AddressBlock }): ReactElement {
  const count = (wanted: AddressState): number => states.filter((state) => state === wanted).length;
  return (
    <>
      <span className="id">{prefix}.0</span>
      <svg
        viewBox={`0 0 ${PER_LINE * CELL.width} ${2 * CELL.height}`}
        role="img"
        aria-label={`Addresses ${prefix}.0 to 255: ${count("found")} miners, ${count("other")} answer and are none`}
      >
        {DRAWN.map((state) => (
          <path key={state} className={state} d={cellsOf(states, state)} />
        ))}
      </svg>
    </>
  );
}

function Sample({ state }: { state: AddressState }): ReactElement {
  return (
    <svg viewBox={`0 0 ${CELL.width} ${CELL.height}`} width={CELL.width * 1.5} height={CELL.height * 1.5} aria-hidden="true">
      <path className={state} d={cellsOf([state], state)} />
    </svg>
  );
}

/** All cells of one state as one shape: a miner fills its cell, another answer is a dot, silence a stroke. */
function cellsOf(states: readonly AddressState[], wanted: AddressState): string {
  return states.map((state, index) => (state === wanted ? cellAt(index, state) : "")).join("");
}

function cellAt(index: number, state: AddressState): string {
  const [left, top] = [(index % PER_LINE) * CELL.width, Math.floor(index / PER_LINE) * CELL.height];
  if (state === "found") return `M${left} ${top}h${CELL.width - CELL.gap}v${CELL.height - CELL.gap}h${CELL.gap - CELL.width}z`;
  if (state === "other") return `M${left + 1} ${top + 2.5}h3v3h-3z`;
  return `M${left + 1} ${top + 4}h3v.8h-3z`;
}
