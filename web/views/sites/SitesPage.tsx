import { useState, type ReactElement } from "react";
import type { Page, Rack, Range } from "../../../server/contract/api.ts";
import { getAllRacks } from "../../api/racks.ts";
import { createSite, getRanges } from "../../api/sites.ts";
import { NameDialog } from "../../components/NameDialog.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useAddress, useMayAdminister, useSites } from "../context.ts";
import { siteOf } from "../navigation.ts";
import { useLoad } from "../useLoad.ts";
import { SiteSection } from "./SiteSection.tsx";
import { useAgentBook } from "./useAgentBook.ts";
import "./sites.css";

interface Places {
  readonly racks: readonly Rack[];
  readonly ranges: Page<Range>;
}

async function load(signal: AbortSignal): Promise<Places> {
  const [racks, ranges] = await Promise.all([getAllRacks(null, signal), getRanges(signal)]);
  return { racks, ranges };
}

/** Each site with its agents, where they look and how they are, and its racks. */
export function SitesPage(): ReactElement {
  const { data, error, reload } = useLoad("sites", load);
  const { agents, scans } = useAgentBook();
  const sites = useSites();
  const siteId = siteOf(useAddress());
  const shown = sites.items?.filter((site) => siteId === null || site.id === siteId);
  return (
    <main className="sites">
      <div className="pagehead">
        <h1>Sites &amp; agents</h1>
        <span className="soft">An agent polls the miners of the address ranges it is given.</span>
        <AddSite />
      </div>
      {error !== null && <Trouble error={error} retry={reload} />}
      {error === null && (data === null || agents === null || shown === undefined) && <Skeleton lines={8} />}
      {data !== null &&
        agents !== null &&
        shown?.map((site) => (
          <SiteSection
            key={site.id}
            site={site}
            agents={agents.filter((agent) => agent.siteId === site.id)}
            scans={scans}
            racks={data.racks.filter((rack) => rack.siteId === site.id)}
            ranges={data.ranges.items}
            onChange={reload}
          />
        ))}
    </main>
  );
}

function AddSite(): ReactElement | null {
  const sites = useSites();
  const mayAdminister = useMayAdminister({ allSites: true });
  const [asking, setAsking] = useState(false);
  if (!mayAdminister) return null;
  const add = async (name: string): Promise<void> => {
    await createSite(name);
    await sites.load();
  };
  return (
    <>
      <button type="button" className="btn push" onClick={() => setAsking(true)}>
        Add a site
      </button>
      {asking && <NameDialog title="Add a site" action="Add" onSave={add} onClose={() => setAsking(false)} />}
    </>
  );
}
