import type { ReactElement } from "react";
import type { Figure } from "../format/number.ts";

/** A figure with its unit, smaller and quieter, behind it. */
export function FigureText({ figure }: { figure: Figure }): ReactElement {
  return (
    <>
      {figure.text}
      {figure.unit !== "" && <small className="unit"> {figure.unit}</small>}
    </>
  );
}
