import type { ReactElement } from "react";
import { useSites } from "../context.ts";

interface SitesProps {
  /** null: every site. */
  readonly siteIds: readonly string[] | null;
  readonly onChange: (siteIds: string[] | null) => void;
}

/** The sites that somebody is limited to. */
export function SitesField({ siteIds, onChange }: SitesProps): ReactElement {
  const { items } = useSites();
  const toggle = (siteId: string): void => {
    const others = (siteIds ?? []).filter((id) => id !== siteId);
    onChange(siteIds?.includes(siteId) === true ? others : [...others, siteId]);
  };
  return (
    <fieldset className="choice column">
      <legend>Sites</legend>
      <label>
        <input type="checkbox" checked={siteIds === null} onChange={() => onChange(siteIds === null ? [] : null)} />
        every site, also those to come
      </label>
      {siteIds !== null &&
        (items ?? []).map((site) => (
          <label key={site.id}>
            <input type="checkbox" checked={siteIds.includes(site.id)} onChange={() => toggle(site.id)} />
            {site.name}
          </label>
        ))}
    </fieldset>
  );
}
