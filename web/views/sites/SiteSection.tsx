import { useMemo, useState, type ReactElement } from "react";
import type { Agent, Rack, Range, Scan, Site } from "../../../server/contract/api.ts";
import { removeSite, renameSite } from "../../api/sites.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { NameDialog } from "../../components/NameDialog.tsx";
import { countOf } from "../../format/number.ts";
import { useIdentity, useMayAdminister, useParts, useSites } from "../context.ts";
import { AgentPanel } from "./AgentPanel.tsx";
import { EnrolDialog } from "./EnrolDialog.tsx";
import { Racks } from "./Racks.tsx";

interface SiteProps {
  readonly site: Site;
  readonly agents: readonly Agent[];
  readonly scans: ReadonlyMap<string, Scan>;
  readonly racks: readonly Rack[];
  readonly ranges: readonly Range[];
  readonly onChange: () => void;
}

/** A site: its agents with their ranges and scans, and its racks. */
export function SiteSection({ site, agents, scans, racks, ranges, onChange }: SiteProps): ReactElement {
  const minerCount = useMinerCount(site.id);
  return (
    <section className="site" aria-label={site.name}>
      <div className="sitehead">
        <h2>{site.name}</h2>
        <span className="soft">
          {countOf(minerCount, "miner")}, {countOf(agents.length, "agent")}, {countOf(racks.length, "rack")}
        </span>
        <SiteActions site={site} agents={agents} racks={racks} ranges={ranges} minerCount={minerCount} onChange={onChange} />
      </div>
      {agents.length === 0 && <NoAgent />}
      {agents.map((agent) => (
        <AgentPanel
          key={agent.id}
          agent={agent}
          agents={agents}
          siteName={site.name}
          ranges={ranges.filter((range) => range.agentId === agent.id)}
          scan={scans.get(agent.id) ?? null}
          onChange={onChange}
        />
      ))}
      <Racks siteId={site.id} racks={racks} onChange={onChange} />
    </section>
  );
}

function useMinerCount(siteId: string): number {
  const identity = useIdentity();
  return useMemo(() => identity.siteId.reduce((count, id) => (id === siteId ? count + 1 : count), 0), [identity, siteId]);
}

function NoAgent(): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>No agent yet.</b> An agent on a machine in the miners’ network finds and polls them. Enrol one with a code.
      </p>
    </div>
  );
}

type Asked = "enrol" | "rename" | "remove";

function SiteActions({
  site,
  agents,
  racks,
  ranges,
  minerCount,
  onChange,
}: Omit<SiteProps, "scans"> & { readonly minerCount: number }): ReactElement | null {
  const { navigation } = useParts();
  const sites = useSites();
  const mayEnrol = useMayAdminister({ allSites: false });
  const mayChange = useMayAdminister({ allSites: true });
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const changed = async (change: Promise<unknown>): Promise<void> => {
    await change;
    await sites.load();
  };
  const remove = async (): Promise<void> => {
    await removeSite(site.id);
    navigation.pickSite(null);
    await sites.load();
    onChange();
  };
  const isOwn = agents.some(({ embedded }) => embedded);
  const rangeCount = ranges.filter(({ siteId }) => siteId === site.id).length;
  return (
    <span className="push siteactions">
      {mayChange && (
        <button type="button" className="btn quiet" onClick={() => setAsked("rename")}>
          Rename<span className="unseen"> {site.name}</span>
        </button>
      )}
      {mayChange && !isOwn && (
        <button type="button" className="btn quiet" onClick={() => setAsked("remove")}>
          Remove<span className="unseen"> {site.name}</span>
        </button>
      )}
      {mayEnrol && (
        <button type="button" className="btn" onClick={() => setAsked("enrol")}>
          Enrol an agent<span className="unseen"> for {site.name}</span>
        </button>
      )}
      {asked === "enrol" && <EnrolDialog site={site} agentId={null} agents={agents} onClose={close} />}
      {asked === "rename" && (
        <NameDialog
          title={`Rename ${site.name}`}
          action="Rename"
          value={site.name}
          onSave={(name) => changed(renameSite(site.id, name))}
          onClose={close}
        />
      )}
      {asked === "remove" && (
        <ConfirmDialog title={`Remove ${site.name}?`} action="Remove the site" onConfirm={remove} onClose={close}>
          <p>With it go:</p>
          <ul>
            <li>
              <b>{countOf(minerCount, "miner")}</b>: names, notes and places; their history stays until it is too old
            </li>
            <li>
              <b>{countOf(agents.length, "agent")}</b>
              {agents.length > 0 && `: ${agents.map(({ name }) => name).join(", ")}`}
            </li>
            <li>
              <b>{countOf(rangeCount, "range")}</b>
            </li>
            <li>
              <b>{countOf(racks.length, "rack")}</b>
            </li>
            <li>the thresholds that hold for this site alone</li>
          </ul>
        </ConfirmDialog>
      )}
    </span>
  );
}
