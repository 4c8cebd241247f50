import { useEffect, type ReactElement } from "react";
import type { Silence } from "../../../../server/contract/incidents.ts";
import { changeSilence, getSilences, removeSilence } from "../../../api/silences.ts";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { Skeleton } from "../../../components/Skeleton.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { plainLines, plainText } from "../../../format/plainText.ts";
import { formatSpan } from "../../../format/time.ts";
import { useMayOperate, useNowMs, useParts } from "../../context.ts";
import { usePlaces } from "../../miners/usePlaces.ts";
import { RecordTable } from "../../../components/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { useLoad } from "../../useLoad.ts";
import { AreaNav } from "../AreaNav.tsx";
import { Clock } from "../cells.tsx";
import { ScopeText } from "../rules/ScopeText.tsx";
import { RecordActions, RecordDialogs } from "../RecordDialogs.tsx";
import { useAsked, type Asking } from "../useAsked.ts";
import { SilenceDialog } from "./SilenceDialog.tsx";
import { nextTurnMs, windowNow, type WindowNow } from "./windowNow.ts";
import "../rules/rules.css";

/** When nobody is told: silences, and maintenance, which also shows the machines as paused. */
export function SilencesPage(): ReactElement {
  const { data, error, reload } = useLoad("silences", getSilences);
  const mayOperate = useMayOperate();
  usePlaces();
  useTurns(data, reload);
  const asking = useAsked<Silence>();
  return (
    <main className="rules">
      <AreaNav />
      <div className="pagehead">
        <h1>Silences and maintenance</h1>
        <span className="soft">Alerts are recorded in a window, and nobody is told.</span>
        {mayOperate && (
          <button type="button" className="btn push" onClick={asking.add}>
            Add a window
          </button>
        )}
      </div>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? (
        error === null && <Skeleton lines={6} />
      ) : data.length === 0 ? (
        <div className="panel nothing">
          <p>
            <b>No window is set.</b> Whoever a route names is told of every incident, at any hour.
          </p>
        </div>
      ) : (
        <SilenceList silences={data} asking={asking} onChanged={reload} />
      )}
      <RecordDialogs
        asking={asking}
        noun="window"
        form={(silence) => <SilenceDialog silence={silence} onSaved={reload} onClose={asking.close} />}
        onRemove={async ({ id }) => {
          await removeSilence(id);
          reload();
        }}
      >
        <p>Where it is open, it ends now: of what still stands then, people are told.</p>
      </RecordDialogs>
    </main>
  );
}

const TIMER_MAX_MS = 2 ** 31 - 1;
/** The server looks at its windows a moment after they open or end. */
const AFTERWARDS_MS = 2000;

/** Asks anew when a window opens or ends, and not before. */
function useTurns(silences: readonly Silence[] | null, reload: () => void): void {
  const { seconds } = useParts();
  useEffect(() => {
    const nowMs = seconds.nowMs();
    const turnMs = nextTurnMs(silences ?? [], nowMs);
    if (turnMs === null || turnMs - nowMs > TIMER_MAX_MS - AFTERWARDS_MS) return undefined;
    const timer = window.setTimeout(reload, turnMs - nowMs + AFTERWARDS_MS);
    return () => window.clearTimeout(timer);
  }, [silences, reload, seconds]);
}

interface ListProps {
  readonly silences: readonly Silence[];
  readonly asking: Asking<Silence>;
  readonly onChanged: () => void;
}

function SilenceList({ silences, asking, onChanged }: ListProps): ReactElement {
  const { busy, error, run } = useAction();
  const turn = ({ id, enabled }: Silence): void => run(() => changeSilence(id, { enabled: !enabled }), onChanged);
  return (
    <section className="panel" aria-label="Windows">
      {error !== null && <Trouble error={error} />}
      <RecordTable label="List of windows" heads={["On", "Window", "When", "Where", "Now and next"]}>
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} busy={busy} onTurn={() => turn(silence)} asking={asking} />
        ))}
      </RecordTable>
    </section>
  );
}

interface RowProps extends Pick<ListProps, "asking"> {
  readonly silence: Silence;
  readonly busy: boolean;
  readonly onTurn: () => void;
}

function SilenceRow({ silence, busy, onTurn, asking }: RowProps): ReactElement {
  const mayOperate = useMayOperate();
  const nowMs = useNowMs();
  const { name, kind, enabled, scope, note, createdBy } = silence;
  return (
    <tr className={enabled ? "" : "off"}>
      <SwitchCell label={`${name} is on`} isOn={enabled} disabled={busy || !mayOperate} onTurn={onTurn} />
      <td className="wrap">
        <b>{plainText(name)}</b>
        <small className="soft">
          {kind === "maintenance" ? "Maintenance" : "Silence"}, set by {plainText(createdBy)}
        </small>
        {note !== "" && <small className="notetext">{plainLines(note)}</small>}
      </td>
      <td>
        <WhenText silence={silence} />
      </td>
      <td className="wrap soft">
        <ScopeText scope={scope} />
      </td>
      <td>
        <NowText now={windowNow(silence, nowMs)} />
      </td>
      <td className="num">{mayOperate && <RecordActions record={silence} asking={asking} />}</td>
    </tr>
  );
}

function WhenText({ silence: { when } }: { silence: Silence }): ReactElement {
  if (when.kind === "once")
    return (
      <>
        <Clock atMs={when.fromMs} /> to <Clock atMs={when.toMs} />
      </>
    );
  return (
    <>
      <code>{plainText(when.cron)}</code> <span className="soft">for {formatSpan(when.durationMs)}, server time</span>
    </>
  );
}

function NowText({ now }: { now: WindowNow }): ReactElement {
  switch (now.kind) {
    case "off":
      return <span className="muted">off</span>;
    case "open":
      return (
        <>
          <b>open</b> until <Clock atMs={now.untilMs} />
        </>
      );
    case "next":
      return (
        <>
          next <Clock atMs={now.fromMs} /> to <Clock atMs={now.toMs} />
        </>
      );
    case "over":
      return <span className="muted">over</span>;
  }
}
