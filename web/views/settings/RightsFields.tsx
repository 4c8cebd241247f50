import { useId, type ReactElement } from "react";
import { ROLE_TEXTS, ROLES_SHOWN } from "./roles.ts";
import type { Rights } from "../../api/accounts.ts";
import { SitesField } from "./SitesField.tsx";

interface RightsProps {
  readonly rights: Rights;
  readonly onChange: (rights: Rights) => void;
}

/** What somebody may do, and where. */
export function RightsFields({ rights, onChange }: RightsProps): ReactElement {
  const roleId = useId();
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
      <SitesField siteIds={rights.siteIds} onChange={(siteIds) => onChange({ ...rights, siteIds })} />
    </>
  );
}
