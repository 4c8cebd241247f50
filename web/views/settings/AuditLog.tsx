import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { AuditEntry, Page } from "../../../server/contract/api.ts";
import { getAudit } from "../../api/settings.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { ABSENT, formatNumber } from "../../format/number.ts";
import { useParts } from "../context.ts";
import { useAction } from "../useAction.ts";
import { useLoad } from "../useLoad.ts";
import { When } from "./cells.tsx";

/** Who did what, when, from where, with what result. The address holds the filter. */
export function AuditLog({ search }: { search: string }): ReactElement {
  const params = new URLSearchParams(search);
  const query = { actor: params.get("actor") ?? "", action: params.get("action") ?? "" };
  const { data, error, reload, set } = useLoad(`audit ${query.actor} ${query.action}`, (signal) => getAudit(query, null, signal));
  const more = useAction();
  const loadMore = async ({ items, nextCursor }: Page<AuditEntry>): Promise<void> => {
    const next = await getAudit(query, nextCursor, new AbortController().signal);
    set(() => ({ ...next, items: [...items, ...next.items] }));
  };
  return (
    <section className="panel" aria-label="Audit log">
      <header className="thresholdhead">
        <h2>Audit log</h2>
        {data !== null && <span className="micro">{formatNumber(data.totalCount)} entries, newest first</span>}
        <Filter key={search} actor={query.actor} action={query.action} />
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={8} />}
      {data?.items.length === 0 && (
        <p className="blank soft">
          {query.actor === "" && query.action === "" ? "Nothing was changed or refused yet." : "No entry matches."}
        </p>
      )}
      {data !== null && data.items.length > 0 && <AuditTable entries={data.items} />}
      {more.error !== null && <Trouble error={more.error} />}
      {data !== null && data.nextCursor !== null && (
        <p className="blank">
          <button type="button" className="btn" disabled={more.busy} onClick={() => more.run(() => loadMore(data))}>
            More
          </button>{" "}
          <span className="soft">
            {formatNumber(data.items.length)} of {formatNumber(data.totalCount)} shown
          </span>
        </p>
      )}
    </section>
  );
}

function Filter({ actor, action }: { actor: string; action: string }): ReactElement {
  const { navigation } = useParts();
  const [typed, setTyped] = useState({ actor, action });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const query = new URLSearchParams({ part: "audit" });
    for (const [name, value] of Object.entries(typed)) if (value.trim() !== "") query.set(name, value.trim());
    navigation.push(`/settings?${query}`);
  };
  return (
    <form className="push addmodel" onSubmit={submit}>
      <input
        className="input"
        aria-label="Who"
        placeholder="who: admin"
        value={typed.actor}
        onChange={(event) => setTyped({ ...typed, actor: event.target.value })}
        autoComplete="off"
        autoCapitalize="none"
      />
      <input
        className="input"
        aria-label="Action"
        placeholder="action: site.create"
        value={typed.action}
        onChange={(event) => setTyped({ ...typed, action: event.target.value })}
        autoComplete="off"
        autoCapitalize="none"
      />
      <button className="btn">Filter</button>
    </form>
  );
}

function AuditTable({ entries }: { entries: readonly AuditEntry[] }): ReactElement {
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="Entries">
      <table className="audit">
        <thead>
          <tr>
            {["When", "Who", "From", "Action", "About", "Result", "Detail"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <When atMs={entry.atMs} />
              </td>
              <td>{entry.actor || ABSENT}</td>
              <td className="id soft">{entry.from}</td>
              <td>{entry.action}</td>
              <td className="id soft">{entry.target || ABSENT}</td>
              <td>{entry.result === "done" ? "done" : <b>{entry.result}</b>}</td>
              <td className="wrap soft">{entry.detail || ABSENT}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
