import type { ReactElement } from "react";
import type { RackImport } from "../../../server/contract/api.ts";
import { countOf, formatNumber } from "../../format/number.ts";

/** More lines than these are counted rather than listed. */
const LISTED = 200;

/** What a file of places would change, or what is wrong with it, line by line. */
export function ImportReport({ report }: { report: RackImport }): ReactElement {
  return report.errors.length > 0 ? <Mistakes errors={report.errors} /> : <Changes report={report} />;
}

function Mistakes({ errors }: { errors: RackImport["errors"] }): ReactElement {
  return (
    <div role="alert" className="importreport">
      <p>
        <b>{countOf(errors.length, "mistake")}.</b> Nothing was changed; correct the file and check it again.
      </p>
      <div className="scrollx" tabIndex={0} role="region" aria-label="Mistakes">
        <table>
          <thead>
            <tr>
              <th scope="col" className="num">
                Line
              </th>
              <th scope="col">Column</th>
              <th scope="col">Value</th>
              <th scope="col">What is wrong</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, LISTED).map(({ line, column, value, detail }, index) => (
              <tr key={index}>
                <td className="num">{line}</td>
                <td>{column ?? "–"}</td>
                <td className="id">{value === null || value === "" ? "–" : value}</td>
                <td>{detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Rest count={errors.length - LISTED} />
    </div>
  );
}

function Changes({ report: { changes, racksCreated, unchangedCount } }: { report: RackImport }): ReactElement {
  return (
    <div role="status" className="importreport">
      <p>
        <b>{changes.length === 0 ? "Nothing would change." : `${countOf(changes.length, "miner")} would move.`}</b>{" "}
        {racksCreated.length > 0 && `${countOf(racksCreated.length, "rack")} would be made: ${racksCreated.join(", ")}. `}
        {unchangedCount > 0 && `${formatNumber(unchangedCount)} stay where they are.`}
      </p>
      {changes.length > 0 && (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Changes">
          <table>
            <thead>
              <tr>
                <th scope="col">Miner</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, LISTED).map(({ minerId, address, fromRack, fromSlot, rack, slot }) => (
                <tr key={minerId}>
                  <td className="id">{address}</td>
                  <td>{placeText(fromRack, fromSlot)}</td>
                  <td>{placeText(rack, slot)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Rest count={changes.length - LISTED} />
    </div>
  );
}

function Rest({ count }: { count: number }): ReactElement | null {
  return count > 0 ? <p className="muted">and {formatNumber(count)} more</p> : null;
}

function placeText(rack: string | null, slot: number | null): string {
  if (rack === null) return "in no rack";
  return slot === null ? `${rack}, no slot` : `${rack}, slot ${slot}`;
}
