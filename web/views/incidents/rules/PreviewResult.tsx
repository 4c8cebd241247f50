import type { CSSProperties, ReactElement } from "react";
import type { RulePreview } from "../../../../server/contract/incidents.ts";
import { Link } from "../../../components/Link.tsx";
import { countOf, formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { formatDate } from "../../../format/time.ts";
import { minerAddress } from "../../navigation.ts";
import { scopeFieldsOf } from "./conditions.ts";
import type { RuleDraft } from "./ruleDraft.ts";

/** What the server found, and for which rule. */
export interface Previewed {
  readonly draft: RuleDraft;
  readonly result: RulePreview;
}

/** Whom a rule would touch now, and how often it would have fired. `isCurrent`: the form still says what was looked at. */
export function PreviewResult({ previewed: { draft, result }, isCurrent }: { previewed: Previewed; isCurrent: boolean }): ReactElement {
  const { scopeCount, metCount, unknownCount, met, history } = result;
  const word = scopeFieldsOf(draft.kind).includes("rackIds") ? "miner" : "agent";
  return (
    <section className={`preview ${isCurrent ? "" : "stale"}`} aria-label="Preview" role="status">
      {!isCurrent && <p>The form was changed since; preview it again.</p>}
      <p>
        <b>Now:</b> it holds for {formatNumber(metCount)} of {countOf(scopeCount, word)}.
        {unknownCount > 0 && ` Of ${formatNumber(unknownCount)} nobody can say.`}
      </p>
      {met.length > 0 && (
        <ul className="metlist" tabIndex={0} aria-label="For whom it holds">
          {met.map(({ id, name, detail }) => (
            <li key={id}>
              {word === "miner" ? <Link href={minerAddress(id)}>{plainText(name)}</Link> : plainText(name)}{" "}
              <span className="soft">{plainText(detail)}</span>
            </li>
          ))}
          {metCount > met.length && <li className="soft">and {formatNumber(metCount - met.length)} more</li>}
        </ul>
      )}
      <History history={history} />
    </section>
  );
}

function History({ history }: Pick<RulePreview, "history">): ReactElement {
  const { firedCount, firedMinerCount, perDay, fromMs, toMs, detail } = history;
  if (firedCount === null)
    return (
      <p>
        <b>Last 7 days:</b> cannot be told. {detail}.
      </p>
    );
  const most = perDay.reduce((top, count) => Math.max(top, count), 1);
  const dayMs = (toMs - fromMs) / Math.max(1, perDay.length);
  return (
    <>
      <p>
        <b>Last 7 days:</b> it would have fired {formatNumber(firedCount)} {firedCount === 1 ? "time" : "times"}
        {firedCount > 0 && `, for ${countOf(firedMinerCount ?? 0, "miner")}`}. {detail === "" ? "" : `${detail}.`}
      </p>
      <ol className="perday" aria-label="Times per day">
        {perDay.map((count, day) => {
          const height: CSSProperties = { height: `${(count / most) * 100}%` };
          return (
            <li key={day}>
              <span>{formatNumber(count)}</span>
              <i aria-hidden="true">
                <i style={height} />
              </i>
              <span className="muted">{formatDate(fromMs + (day + 1) * dayMs).slice(5)}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
