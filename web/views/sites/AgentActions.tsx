import { useState, type ReactElement } from "react";
import type { Agent } from "../../../server/contract/api.ts";
import { removeAgent, renameAgent, revokeAgent } from "../../api/sites.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { NameDialog } from "../../components/NameDialog.tsx";
import { Popover } from "../../components/Popover.tsx";
import { countOf } from "../../format/number.ts";
import { EnrolDialog } from "./EnrolDialog.tsx";

interface ActionsProps {
  readonly agent: Agent;
  readonly agents: readonly Agent[];
  readonly siteName: string;
  readonly rangeCount: number;
  readonly onChange: () => void;
}

type Asked = "rename" | "code" | "revoke" | "remove";

/** What an admin can do with an agent. The one inside the server can only be renamed. */
export function AgentActions({ agent, agents, siteName, rangeCount, onChange }: ActionsProps): ReactElement {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = (): void => setAsked(null);
  const isSeparate = !agent.embedded;
  const options: [Asked, string, boolean][] = [
    ["rename", "Rename", true],
    ["code", "New enrolment code", isSeparate && agent.state !== "revoked"],
    ["revoke", "Revoke its key", isSeparate && agent.state !== "revoked" && agent.state !== "waiting"],
    ["remove", "Remove", isSeparate],
  ];
  return (
    <>
      <Popover button={<span aria-hidden="true">⋯</span>} label={`Change ${agent.name}`} align="end">
        {options
          .filter(([, , possible]) => possible)
          .map(([what, label]) => (
            <button key={what} type="button" className="option" data-closes onClick={() => setAsked(what)}>
              {label}
            </button>
          ))}
      </Popover>
      {asked === "rename" && (
        <NameDialog
          title={`Rename ${agent.name}`}
          action="Rename"
          value={agent.name}
          onSave={(name) => renameAgent(agent.id, name)}
          onClose={close}
        />
      )}
      {asked === "code" && <EnrolDialog site={{ id: agent.siteId, name: siteName }} agentId={agent.id} agents={agents} onClose={close} />}
      {asked === "revoke" && (
        <ConfirmDialog
          title={`Revoke the key of ${agent.name}?`}
          action="Revoke the key"
          onConfirm={() => revokeAgent(agent.id)}
          onClose={close}
        >
          <p>
            Its connection ends at once, and it can never connect again. <b>{countOf(agent.minerCount, "miner")}</b> become unknown; their
            history stays.
          </p>
        </ConfirmDialog>
      )}
      {asked === "remove" && (
        <ConfirmDialog
          title={`Remove ${agent.name}?`}
          action="Remove the agent"
          onConfirm={async () => {
            await removeAgent(agent.id);
            onChange();
          }}
          onClose={close}
        >
          <p>
            The agent and its <b>{countOf(rangeCount, "range")}</b> go. Its <b>{countOf(agent.minerCount, "miner")}</b> stay and become
            unknown until another agent polls them.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
