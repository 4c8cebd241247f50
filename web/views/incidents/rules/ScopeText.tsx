import { useSyncExternalStore, type ReactElement } from "react";
import type { RuleScope } from "../../../../server/contract/incidents.ts";
import { plainText } from "../../../format/plainText.ts";
import { useParts, useSites } from "../../context.ts";
import { SCOPE_FIELDS, type ScopeField } from "./conditions.ts";

const WORDS: Readonly<Record<ScopeField, string>> = {
  siteIds: "site",
  rackIds: "rack",
  models: "model",
  firmwares: "firmware",
  tags: "tag",
  agentIds: "agent",
};

/** Where something holds, in words: `site Pecos; model S19, S21`. */
export function ScopeText({ scope }: { scope: Partial<RuleScope> }): ReactElement {
  const { places } = useParts();
  const sites = useSites();
  useSyncExternalStore(places.subscribe, () => places.revision);
  const nameOf = (field: ScopeField, value: string): string => {
    if (field === "siteIds") return sites.nameOf(value);
    return field === "rackIds" ? places.nameOf("rack", value) : field === "agentIds" ? places.nameOf("agent", value) : value;
  };
  const parts = SCOPE_FIELDS.flatMap((field) => {
    const values = scope[field] ?? [];
    return values.length === 0 ? [] : [`${WORDS[field]} ${values.map((value) => plainText(nameOf(field, value))).join(", ")}`];
  });
  return <>{parts.length === 0 ? "everywhere" : parts.join("; ")}</>;
}
