import type { CSSProperties, ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { minerAddress } from "../navigation.ts";
import type { Rect } from "./geometry.ts";
import type { MinerFacts } from "./minerFacts.ts";

const WIDTH = 292;
const HEIGHT = 206;
const GAP = 14;

/** The facts of the miner under the pointer, beside its cell; it takes no clicks. What it says is heard through the map's live region. */
export function FactCard({ facts, rect, port }: { facts: MinerFacts; rect: Rect; port: { width: number; height: number } }): ReactElement {
  return (
    <div className="mapcard" style={placeBeside(rect, port)} aria-hidden="true">
      <Facts facts={facts} />
    </div>
  );
}

/** The same on a touch screen, where nothing hovers: it stays at the lower edge until it is dismissed. */
export function FactSheet({ facts, onClose }: { facts: MinerFacts; onClose: () => void }): ReactElement {
  return (
    <section className="mapcard sheet" aria-label={facts.name}>
      <Facts facts={facts} />
      <div className="sheetrow">
        <Link className="btn primary" href={minerAddress(facts.id)}>
          Open machine
        </Link>
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
      </div>
    </section>
  );
}

function Facts({ facts: { name, model, status, sentence, facts } }: { facts: MinerFacts }): ReactElement {
  return (
    <>
      <div className="h">
        {status !== null && <StatusMark status={status} size={18} />}
        <b className="id">{name}</b>
        <span className="push muted">{model}</span>
      </div>
      <p className="soft">{sentence}</p>
      <dl>
        {facts.map(({ label, value, note, tone }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className={label === "Address" ? "id" : ""}>
              <span className={tone}>
                {tone === "hot" && "▴ "}
                {value}
              </span>{" "}
              {note !== "" && <span className={tone === "stale" ? "stale" : "muted"}>{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** To the right of the cell, or to the left where there is no room; never over an edge of the map. */
function placeBeside(rect: Rect, port: { width: number; height: number }): CSSProperties {
  const right = rect.x + rect.width + GAP;
  const left = right + WIDTH > port.width ? rect.x - WIDTH - GAP : right;
  const top = Math.min(rect.y - 24, port.height - HEIGHT - 8);
  return { left: Math.max(8, left), top: Math.max(8, top), width: WIDTH };
}
