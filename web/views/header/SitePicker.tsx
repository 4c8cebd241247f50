import type { ReactElement } from "react";
import { Popover } from "../../components/Popover.tsx";
import { useAddress, useParts, useSites } from "../context.ts";
import { siteOf } from "../navigation.ts";

/** Which site every page is about; part of the address. Not there while there is nothing to choose. */
export function SitePicker(): ReactElement | null {
  const { navigation } = useParts();
  const sites = useSites();
  const siteId = siteOf(useAddress());
  if (sites.items === null || (sites.items.length < 2 && siteId === null)) return null;
  const title = siteId === null ? `All ${sites.items.length} sites` : sites.nameOf(siteId);
  const options = [{ id: null, name: `All ${sites.items.length} sites` }, ...sites.items];
  return (
    <Popover
      button={
        <>
          {title} <span aria-hidden="true">▾</span>
        </>
      }
      label={`Site: ${title}`}
      className="btn sitepicker"
    >
      {options.map(({ id, name }) => (
        <button
          key={id ?? ""}
          type="button"
          className="option"
          aria-pressed={id === siteId}
          data-closes
          onClick={() => navigation.pickSite(id)}
        >
          {name}
        </button>
      ))}
    </Popover>
  );
}
