import { Fragment, type ReactElement, type ReactNode } from "react";
import type { MinerDetail, Rack } from "../../../server/contract/api.ts";
import { getAllRacks } from "../../api/racks.ts";
import { Link } from "../../components/Link.tsx";
import { plainText } from "../../format/plainText.ts";
import { useSites } from "../context.ts";
import { useLoad } from "../useLoad.ts";

/** Where the machine stands: all miners, site, rack, slot, address. */
export function PlacePath({ detail: { siteId, rackId, slot, address } }: { detail: MinerDetail }): ReactElement {
  const sites = useSites().items ?? [];
  const site = sites.length > 1 ? sites.find(({ id }) => id === siteId) : undefined;
  const { data: rack } = useLoad(`rack/${siteId}/${rackId ?? ""}`, async (signal): Promise<Rack | null> => {
    if (rackId === null) return null;
    return (await getAllRacks(siteId, signal)).find(({ id }) => id === rackId) ?? null;
  });
  const steps: ReactNode[] = [<Step key="all" href="/miners" text="Miners" />];
  if (site !== undefined) steps.push(<Step key="site" href={`/miners?site=${encodeURIComponent(siteId)}`} text={site.name} />);
  if (rack !== null) steps.push(<Step key="rack" href={`/miners?rack=${encodeURIComponent(rack.id)}`} text={`rack ${rack.name}`} />);
  if (rack !== null && slot !== null) steps.push(`slot ${slot}`);
  return (
    <div className="micro muted place">
      {steps.map((step, index) => (
        <Fragment key={index}>{step} / </Fragment>
      ))}
      <span className="id">{address}</span>
    </div>
  );
}

function Step({ href, text }: { href: string; text: string }): ReactElement {
  return (
    <Link className="plain" href={href}>
      {plainText(text)}
    </Link>
  );
}
