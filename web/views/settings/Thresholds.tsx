import { useId, useState, type ReactElement, type SyntheticEvent } from "react";
import { countOf } from "../../format/number.ts";
import { useFleet, useSites } from "../context.ts";
import type { SectionForm } from "./General.tsx";
import { EVERY_SITE, rowsOf, type Problems, type SettingsDraft, type ThresholdDraft } from "./settingsDraft.ts";
import { labelOfModel, plainModel, THRESHOLD_KINDS, type ThresholdKind } from "./thresholdKinds.ts";

/** From which reading on a miner counts as hot, slow or faulty: per model, for every site or for one. */
export function Thresholds({ draft, problems, change, disabled }: SectionForm): ReactElement {
  const [scope, setScope] = useState(EVERY_SITE);
  const rows = rowsOf(draft, scope);
  const setRows = (next: readonly ThresholdDraft[]): void => change({ thresholds: { ...draft.thresholds, [scope]: next } });
  return (
    <section className="panel" aria-label="Thresholds">
      <header className="thresholdhead">
        <ScopePicker draft={draft} scope={scope} onScope={setScope} />
        {!disabled && <AddModel draft={draft} scope={scope} rows={rows} onAdd={(row) => setRows([...rows, row])} />}
      </header>
      {rows.length === 0 ? (
        <p className="blank soft">This site follows the thresholds of every site. A row here takes their place.</p>
      ) : (
        <ThresholdTable
          rows={rows}
          unit={draft.writtenIn}
          path={scope === EVERY_SITE ? "thresholds" : `siteThresholds.${scope}`}
          keepsDefault={scope === EVERY_SITE}
          problems={problems}
          disabled={disabled}
          onRows={setRows}
        />
      )}
    </section>
  );
}

function ScopePicker({ draft, scope, onScope }: { draft: SettingsDraft; scope: string; onScope: (scope: string) => void }): ReactElement {
  const sites = useSites();
  const id = useId();
  return (
    <>
      <label htmlFor={id}>They hold for</label>
      <select id={id} className="input scope" value={scope} onChange={(event) => onScope(event.target.value)}>
        <option value={EVERY_SITE}>every site</option>
        {(sites.items ?? []).map((site) => {
          const count = rowsOf(draft, site.id).length;
          return (
            <option key={site.id} value={site.id}>
              {site.name}
              {count > 0 && `, ${countOf(count, "row")} of its own`}
            </option>
          );
        })}
      </select>
    </>
  );
}

interface AddProps {
  readonly draft: SettingsDraft;
  readonly scope: string;
  readonly rows: readonly ThresholdDraft[];
  readonly onAdd: (row: ThresholdDraft) => void;
}

/** A row for one model more, with the values that hold for it so far. */
function AddModel({ draft, scope, rows, onAdd }: AddProps): ReactElement {
  const [model, setModel] = useState("");
  const listId = useId();
  const models = [...new Set(useFleet().identity.columns.model)].filter((known) => known !== null).sort();
  const has = (name: string | null): boolean => rows.some((row) => plainModel(row.model) === plainModel(name));
  const add = (name: string | null): void => {
    const everywhere = rowsOf(draft, EVERY_SITE);
    const rowOf = (among: readonly ThresholdDraft[], wanted: string | null) =>
      among.find((row) => plainModel(row.model) === plainModel(wanted));
    const held = rowOf(rows, null) ?? rowOf(everywhere, name) ?? rowOf(everywhere, null);
    if (held !== undefined) onAdd({ model: name, values: held.values });
    setModel("");
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    add(model.trim());
  };
  return (
    <form className="push addmodel" onSubmit={submit}>
      {scope !== EVERY_SITE && !has(null) && (
        <button type="button" className="btn" onClick={() => add(null)}>
          Add a row for every model
        </button>
      )}
      <input
        className="input"
        list={listId}
        aria-label="Model"
        placeholder="S19 Pro"
        value={model}
        maxLength={100}
        onChange={(event) => setModel(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id={listId}>
        {models
          .filter((known) => !has(known))
          .map((known) => (
            <option key={known} value={known} />
          ))}
      </datalist>
      <button className="btn" disabled={model.trim() === "" || has(model.trim())}>
        Add a model
      </button>
    </form>
  );
}

interface TableProps {
  readonly rows: readonly ThresholdDraft[];
  readonly unit: SettingsDraft["writtenIn"];
  /** Of the rows, as the server names the field. */
  readonly path: string;
  /** Whether the row for every other model must stay. */
  readonly keepsDefault: boolean;
  readonly problems: Problems;
  readonly disabled: boolean;
  readonly onRows: (rows: readonly ThresholdDraft[]) => void;
}

function ThresholdTable({ rows, unit, path, keepsDefault, problems, disabled, onRows }: TableProps): ReactElement {
  const setValue = (index: number, kind: ThresholdKind, text: string): void =>
    onRows(rows.map((row, i) => (i === index ? { ...row, values: { ...row.values, [kind]: text } } : row)));
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="Thresholds by model">
      <table className="thresholds">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {THRESHOLD_KINDS.map(({ kind, label, as }) => (
              <th key={kind} scope="col" className="num">
                {as === "temperature" ? `${label} °${unit}` : label}
              </th>
            ))}
            <th scope="col">
              <span className="unseen">Changes</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.model ?? ""}>
              <th scope="row">{labelOfModel(row.model)}</th>
              {THRESHOLD_KINDS.map(({ kind, label }) => (
                <td key={kind} className="num">
                  <input
                    className="input"
                    inputMode="decimal"
                    aria-label={`${label} of ${labelOfModel(row.model)}`}
                    aria-invalid={problems.has(`${path}.${index}.${kind}`)}
                    title={problems.get(`${path}.${index}.${kind}`)}
                    value={row.values[kind]}
                    disabled={disabled}
                    onChange={(event) => setValue(index, kind, event.target.value)}
                    autoComplete="off"
                  />
                </td>
              ))}
              <td>
                {!disabled && !(keepsDefault && row.model === null) && (
                  <button type="button" className="btn quiet" onClick={() => onRows(rows.filter((_, i) => i !== index))}>
                    Remove<span className="unseen"> {labelOfModel(row.model)}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
