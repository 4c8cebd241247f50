import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { plainText } from "../../format/plainText.ts";
import { useFleet } from "../context.ts";
import { minerAddress } from "../navigation.ts";
import { namedMiner } from "./namedMiner.ts";

/** An address that names no miner: what was not understood, and the page that was most likely meant. */
export function NoMiner({ minerId }: { minerId: string }): ReactElement {
  const { identity } = useFleet();
  const meant = namedMiner(identity.columns, minerId);
  const isId = /^m\d+$/.test(minerId);
  return (
    <div className="panel nothing">
      <h1>There is no miner “{plainText(minerId)}”</h1>
      <p>
        {isId
          ? "It was forgotten, you may not see its site, or the link is not whole."
          : "The link of a machine ends with its id, an m and a number, such as /miners/m17."}
      </p>
      {meant !== null && (
        <Link className="btn primary" href={minerAddress(meant.id)}>
          Go to {plainText(meant.name)}, whose {meant.fact} that is
        </Link>
      )}
      <Link
        className={`btn ${meant === null ? "primary" : ""}`}
        href={isId ? "/miners" : `/miners?${new URLSearchParams({ q: minerId }).toString()}`}
      >
        {isId ? "Go to all miners" : `Search all miners for “${plainText(minerId)}”`}
      </Link>
    </div>
  );
}
