import type { ReactElement } from "react";
import { useMayOperate } from "../views/context.ts";
import { Link } from "./Link.tsx";

/** There is no miner yet: says so, and the two ways on. */
export function EmptyFleet(): ReactElement {
  const mayOperate = useMayOperate();
  return (
    <div className="panel nothing">
      <h1>No miner yet.</h1>
      <p>
        {mayOperate
          ? "Add the address ranges of your miners and scan them; each miner appears here as it is found."
          : "Ask an operator to add the address ranges of the miners; each appears here as it is found."}
      </p>
      {mayOperate && (
        <Link className="btn primary" href="/first-run">
          Add ranges
        </Link>
      )}
      <p>Or look at an invented fleet of 500 first, beside this one:</p>
      <code>npx hashwatch demo</code>
    </div>
  );
}
