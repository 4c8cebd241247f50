import type { ReactElement } from "react";
import { useMayOperate } from "../views/context.ts";
import { Link } from "./Link.tsx";

/** There is no miner yet: says so, and the two ways on. */
export function EmptyFleet(): ReactElement {
  const mayOperate = useMayOperate();
  return (
    <div className="panel nothing">
      <p>
        <b>No miner yet.</b>{" "}
        {mayOperate ? "Add the address ranges of a site and scan them" : "Ask an operator to add the address ranges of a site"}, or look at
        an invented fleet of 500 with the demo:
      </p>
      <code>npx hashwatch demo</code>
      {mayOperate && (
        <Link className="btn primary" href="/sites">
          Add ranges
        </Link>
      )}
    </div>
  );
}
