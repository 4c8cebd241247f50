import type { ReactElement } from "react";
import { saveFile } from "../../components/saveFile.ts";
import { formatNumber } from "../../format/number.ts";
import type { RowSource } from "../../live/fields.ts";
import type { Layout } from "./layout.ts";
import { csvName, minersCsv } from "./minersCsv.ts";

interface ExportProps {
  readonly source: RowSource;
  /** The rows that are shown, in order. */
  readonly rows: Uint32Array;
  /** Those of them that are selected; null where nothing is. */
  readonly picked: Uint32Array | null;
  readonly layout: Layout;
}

/** Saves what the table shows, of a selection only that, as a file that a spreadsheet opens. */
export function ExportButton({ source, rows, picked, layout }: ExportProps): ReactElement {
  const exported = picked ?? rows;
  const save = (): void => {
    const nowMs = source.fleet.clock.nowMs();
    const csv = minersCsv(source, exported, { fields: layout.map(({ field }) => field), nowMs });
    saveFile(csvName(Date.now()), csv, "text/csv;charset=utf-8");
  };
  return (
    <button type="button" className="btn" disabled={exported.length === 0} onClick={save}>
      Export CSV{" "}
      <small className="muted">
        {formatNumber(exported.length)}
        {picked !== null && " selected"}
      </small>
    </button>
  );
}
