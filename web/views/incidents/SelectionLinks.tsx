import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { writeSelection } from "../../live/selectionText.ts";
import { useParts } from "../context.ts";

/** The ways to the map and the table with these miners selected. */
export function SelectionLinks({ ids }: { ids: readonly string[] }): ReactElement | null {
  if (ids.length === 0) return null;
  return (
    <span className="push selectionlinks">
      <SelectionLink ids={ids} page="/map" label="On the map" />
      <SelectionLink ids={ids} page="/miners" label="As table" />
    </span>
  );
}

/** A selection that is too long for an address goes along unwritten. */
function SelectionLink({ ids, page, label }: { ids: readonly string[]; page: string; label: string }): ReactElement {
  const { selection, navigation } = useParts();
  const select = writeSelection(new Set(ids));
  if (select !== null)
    return (
      <Link className="btn quiet" href={`${page}?select=${select}`}>
        {label}
      </Link>
    );
  const go = (): void => {
    selection.replace(ids);
    navigation.push(page);
  };
  return (
    <button type="button" className="btn quiet" onClick={go}>
      {label}
    </button>
  );
}
