import type { ReactElement } from "react";
import type { Agent, Page, Range, Site } from "../../../server/contract/api.ts";
import { getAgents, getRanges, getSites } from "../../api/sites.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useLoad } from "../useLoad.ts";
import { AgentPanel } from "./AgentPanel.tsx";
import "./sites.css";

interface Everything {
  readonly sites: Page<Site>;
  readonly agents: Page<Agent>;
  readonly ranges: Page<Range>;
}

async function load(signal: AbortSignal): Promise<Everything> {
  const [sites, agents, ranges] = await Promise.all([getSites(signal), getAgents(signal), getRanges(signal)]);
  return { sites, agents, ranges };
}

/** Where miners are looked for: the agents of each site with their ranges, and a scan of them. */
export function SitesPage(): ReactElement {
  const { data, error, reload } = useLoad("sites", load);
  return (
    <main>
      <div className="pagehead">
        <h1>Sites &amp; agents</h1>
        <span className="soft">An agent polls the miners of the address ranges it is given.</span>
      </div>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={6} />}
      {data?.agents.items.length === 0 && <NoAgent />}
      {data?.agents.items.map((agent) => (
        <AgentPanel
          key={agent.id}
          agent={agent}
          siteName={data.sites.items.find((site) => site.id === agent.siteId)?.name ?? agent.siteId}
          ranges={data.ranges.items.filter((range) => range.agentId === agent.id)}
          onChange={reload}
        />
      ))}
    </main>
  );
}

function NoAgent(): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>No agent yet.</b> This server runs without one of its own (<code>--no-embedded-agent</code>). Start it without that flag, or
        enrol an agent with a code.
      </p>
    </div>
  );
}
