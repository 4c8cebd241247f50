import { useMemo, type ReactElement } from "react";
import type { FleetIdentity } from "../../../../server/contract/api.ts";
import type { RuleScope } from "../../../../server/contract/incidents.ts";
import { getAllRacks } from "../../../api/racks.ts";
import { getAgents } from "../../../api/sites.ts";
import { useIdentity, useSites } from "../../context.ts";
import { useLoad } from "../../useLoad.ts";
import type { ScopeField } from "./conditions.ts";
import { PickMany, type Choice } from "./PickMany.tsx";

const LABELS: Readonly<Record<ScopeField, string>> = {
  siteIds: "Sites",
  rackIds: "Racks",
  models: "Models",
  firmwares: "Firmwares",
  tags: "Tags",
  agentIds: "Agents",
};

interface ScopeProps<S extends Partial<RuleScope>> {
  readonly scope: S;
  /** Those that can be narrowed. */
  readonly fields: readonly (keyof S & ScopeField)[];
  readonly problemOf: (field: string) => string | null;
  readonly onChange: (scope: S) => void;
}

/** Where something holds: everywhere, or at what is picked; several kinds must all fit. */
export function ScopeFields<S extends Partial<RuleScope>>({ scope, fields, problemOf, onChange }: ScopeProps<S>): ReactElement | null {
  const choices = useChoices();
  if (fields.length === 0) return null;
  return (
    <fieldset className="scopefields">
      <legend>Where; nothing picked means everywhere</legend>
      {fields.map((field) => (
        <PickMany
          key={field}
          label={LABELS[field]}
          choices={choices[field]}
          picked={scope[field] ?? []}
          problem={problemOf(`scope.${field}`)}
          onChange={(values) => onChange({ ...scope, [field]: values })}
        />
      ))}
    </fieldset>
  );
}

function useChoices(): Readonly<Record<ScopeField, readonly Choice[]>> {
  const sites = useSites();
  const identity = useIdentity();
  const racks = useLoad("racks to pick", (signal) => getAllRacks(null, signal));
  const agents = useLoad("agents to pick", getAgents);
  return useMemo(
    () => ({
      siteIds: sites.items ?? [],
      rackIds: (racks.data ?? []).map(({ id, name, siteId }) => ({ id, name: `${name}, ${sites.nameOf(siteId)}` })),
      models: words(identity.model),
      firmwares: words(identity.firmwareFamily),
      tags: words(tagsOf(identity)),
      agentIds: agents.data?.items ?? [],
    }),
    [sites, identity, racks.data, agents.data],
  );
}

const tagsOf = ({ tags }: FleetIdentity): string[] => [...tags].flat();

function words(values: readonly (string | null)[]): Choice[] {
  const known = [...new Set(values)].filter((value): value is string => value !== null && value !== "");
  return known.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((name) => ({ id: name, name }));
}
