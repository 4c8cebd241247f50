import { useId, type ReactElement } from "react";
import { ROLE_TEXTS, ROLES_SHOWN } from "./roles.ts";
import type { Rights } from "../../api/accounts.ts";
import { useSites } from "../context.ts";

interface RightsProps {
  readonly rights: Rights;
  readonly onChange: (rights: Rights) => void;
}

/** What somebody may do, and where. */
export function RightsFields({ rights, onChange }: RightsProps): ReactElement {
  const roleId = useId();
  const { items } = useSites();
  const chosen = rights.siteIds;
  const toggle = (siteId: string): void => {
    const others = (chosen ?? []).filter((id) => id !== siteId);
    onChange({ ...rights, siteIds: chosen?.includes(siteId) === true ? others : [...others, siteId] });
  };
  return (
    <>
      <div className="field">
        <label htmlFor={roleId}>Role</label>
        <select
          id={roleId}
          className="input"
          value={rights.role}
          onChange={(event) => onChange({ ...rights, role: ROLES_SHOWN.find((role) => role === event.target.value) ?? "viewer" })}
        >
          {ROLES_SHOWN.map((role) => (
            <option key={role} value={role}>
              {role}: {ROLE_TEXTS[role]}
            </option>
          ))}
        </select>
      </div>
      <fieldset className="choice column">
        <legend>Sites</legend>
        <label>
          <input type="checkbox" checked={chosen === null} onChange={() => onChange({ ...rights, siteIds: chosen === null ? [] : null })} />
          every site, also those to come
        </label>
        {chosen !== null &&
          (items ?? []).map((site) => (
            <label key={site.id}>
              <input type="checkbox" checked={chosen.includes(site.id)} onChange={() => toggle(site.id)} />
              {site.name}
            </label>
          ))}
      </fieldset>
    </>
  );
}
