import { useState, type ReactElement, type SyntheticEvent } from "react";
import type { Agent, AgentCreated } from "../../../server/contract/api.ts";
import { createAgent, renewAgentCode } from "../../api/sites.ts";
import { CopyLine } from "../../components/CopyLine.tsx";
import { Dialog } from "../../components/Dialog.tsx";
import { DialogEnd } from "../../components/DialogEnd.tsx";
import { Field } from "../../components/Field.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { formatAge } from "../../format/time.ts";
import { useNowMs } from "../context.ts";
import { useAction } from "../useAction.ts";
import { enrolmentOf } from "./enrolment.ts";

interface EnrolProps {
  readonly site: { readonly id: string; readonly name: string };
  /** One that waits for its enrolment or has lost its key; null: a new one. */
  readonly agentId: string | null;
  /** As the live stream tells them: shows when the agent has come. */
  readonly agents: readonly Agent[];
  readonly onClose: () => void;
}

/** An agent for a site: its name, then the one line that starts it, until it is seen to connect. */
export function EnrolDialog({ site, agentId, agents, onClose }: EnrolProps): ReactElement {
  const [created, setCreated] = useState<AgentCreated | null>(null);
  const known = agents.find(({ id }) => id === agentId);
  const title = known === undefined ? `Enrol an agent for ${site.name}` : `Enrol ${known.name}`;
  return (
    <Dialog title={title} onClose={onClose} wide>
      {created !== null ? (
        <CodeStep created={created} agents={agents} onRenewed={setCreated} onClose={onClose} />
      ) : known === undefined ? (
        <NameStep siteId={site.id} onCreated={setCreated} onClose={onClose} />
      ) : (
        <RenewStep agent={known} onRenewed={setCreated} onClose={onClose} />
      )}
    </Dialog>
  );
}

function NameStep({
  siteId,
  onCreated,
  onClose,
}: {
  siteId: string;
  onCreated: (created: AgentCreated) => void;
  onClose: () => void;
}): ReactElement {
  const [name, setName] = useState("");
  const { busy, error, run } = useAction();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    run(async () => onCreated(await createAgent({ siteId, name: name.trim() })));
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="soft">
        An agent polls the miners near it and connects outward to this server. It needs Node.js on a machine in the miners’ network, and no
        open port.
      </p>
      <Field
        label="Name, such as the hall it stands in"
        value={name}
        onChange={(event) => setName(event.target.value)}
        problem={error?.message ?? null}
        maxLength={100}
        required
        autoFocus
        autoComplete="off"
      />
      <DialogEnd action="Make a code" disabled={busy || name.trim() === ""} onCancel={onClose} />
    </form>
  );
}

function RenewStep({
  agent,
  onRenewed,
  onClose,
}: {
  agent: Agent;
  onRenewed: (created: AgentCreated) => void;
  onClose: () => void;
}): ReactElement {
  const { busy, error, run } = useAction();
  return (
    <>
      <p className="soft">
        {agent.state === "waiting"
          ? "A code is told once. A new one makes the one before void."
          : "For an agent that lost its data directory, or moves to another machine. The key that it has holds until the new code is used."}
      </p>
      {error !== null && <Trouble error={error} />}
      <div className="dialogend">
        <button type="button" className="btn" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={busy}
          autoFocus
          onClick={() => run(async () => onRenewed(await renewAgentCode(agent.id)))}
        >
          Make a new code
        </button>
      </div>
    </>
  );
}

interface CodeProps {
  readonly created: AgentCreated;
  readonly agents: readonly Agent[];
  readonly onRenewed: (created: AgentCreated) => void;
  readonly onClose: () => void;
}

function CodeStep({ created, agents, onRenewed, onClose }: CodeProps): ReactElement {
  const nowMs = useNowMs();
  const { busy, error, run } = useAction();
  const agent = agents.find(({ id }) => id === created.id);
  // The code is gone from the agent's record once it is used: a connection that stood before does not count.
  const enrolled = agent?.state === "online" && agent.codeExpiresAtMs === null;
  const leftMs = created.expiresAtMs - nowMs;
  const { line, warning } = enrolmentOf(created, window.location.origin);
  return (
    <>
      <p className="soft">Run this one line there. The code works once; later starts need only the data directory.</p>
      <CopyLine text={line} label="the line that starts the agent" />
      {warning !== null && <p className="soft">{warning}</p>}
      {error !== null && <Trouble error={error} />}
      <p role="status" className="enrolstate">
        {enrolled ? (
          <b>
            {agent.name} is connected{agent.hostname !== null && `, on ${agent.hostname}`}. Give it ranges next.
          </b>
        ) : leftMs > 0 ? (
          "Waiting for the agent to connect."
        ) : (
          "The code has expired."
        )}
      </p>
      {!enrolled && leftMs > 0 && (
        <p className="soft">
          The code expires in <TimeText atMs={created.expiresAtMs}>{formatAge(leftMs)}</TimeText>.
        </p>
      )}
      <div className="dialogend">
        {!enrolled && leftMs <= 0 && (
          <button
            type="button"
            className="btn"
            disabled={busy}
            onClick={() => run(async () => onRenewed(await renewAgentCode(created.id)))}
          >
            Make a new code
          </button>
        )}
        <button type="button" className={`btn ${enrolled ? "primary" : ""}`} onClick={onClose}>
          {enrolled ? "Done" : "Close"}
        </button>
      </div>
    </>
  );
}
