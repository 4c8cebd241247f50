import type { Reason, Status } from "../../../server/contract/status.ts";
import { ABSENT } from "../../format/number.ts";
import { plainText } from "../../format/plainText.ts";
import { isStale } from "../../live/derived.ts";
import { numberOf, textOf, type NumberField, type RowSource, type TextField } from "../../live/fields.ts";

/** What one row of the table or one card shows, read from the fleet at one instant. */
export interface RowFacts {
  readonly source: RowSource;
  readonly row: number;
  readonly id: string;
  readonly algorithm: string;
  readonly status: Status;
  readonly reason: Reason;
  readonly stale: boolean;
  /** Class of a value that is shown as it was last seen. */
  readonly tone: "stale" | "";
  readonly hot: boolean;
  /** NaN where nothing is reported. */
  readonly number: (field: NumberField) => number;
  /** `–` where nothing is reported. */
  readonly text: (field: TextField) => string;
}

export function rowFacts(source: RowSource, row: number, nowMs: number): RowFacts {
  const { fleet } = source;
  const { status, reason } = fleet.statusOf(row);
  const stale = isStale(fleet, row, nowMs);
  return {
    source,
    row,
    id: fleet.idOf(row),
    algorithm: fleet.identity.columns.algorithm[fleet.identityOfRow()[row]] ?? "sha256d",
    status,
    reason,
    stale,
    tone: stale ? "stale" : "",
    hot: !stale && (reason === "overTemperature" || reason === "overTemperatureStop"),
    number: (field) => numberOf(fleet, field, row),
    text: (field) => plainText(textOf(source, field, row) || ABSENT),
  };
}
