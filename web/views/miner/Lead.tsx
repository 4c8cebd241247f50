import { useState, type ReactElement } from "react";
import type { MinerDetail } from "../../../server/contract/api.ts";
import type { WatchPace } from "../../../server/contract/live.ts";
import { Link } from "../../components/Link.tsx";
import { StatusMark } from "../../components/StatusMark.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { useCopy } from "../../components/useCopy.ts";
import { plainLines, plainText } from "../../format/plainText.ts";
import { STATUS_LABELS } from "../../format/status.ts";
import { formatAge, formatClock } from "../../format/time.ts";
import { useMayOperate } from "../context.ts";
import { EditDialog, type MinerWords } from "./EditDialog.tsx";
import { PlacePath } from "./PlacePath.tsx";
import { statusSentence } from "./statusSentence.ts";

interface LeadProps {
  readonly detail: MinerDetail;
  readonly nowMs: number;
  readonly pace: WatchPace;
  readonly onPace: (pace: WatchPace) => void;
  readonly onEdited: (words: MinerWords) => void;
  readonly repliesOpen: boolean;
  readonly onReplies: () => void;
}

/** Which machine, its status, reason and since as one sentence, and what can be done here. */
export function Lead(props: LeadProps): ReactElement {
  const { detail, nowMs } = props;
  const model = detail.model ?? detail.modelReported ?? "model not known";
  return (
    <>
      <div className="lead">
        <div>
          <PlacePath detail={detail} />
          <h1>
            {plainText(detail.name === "" ? detail.address : detail.name)}{" "}
            <span className="muted">{plainText([detail.make, model].filter(Boolean).join(" "))}</span>
          </h1>
        </div>
        <span className={`big st-${detail.status}`}>
          <StatusMark status={detail.status} size={24} />
          {STATUS_LABELS[detail.status]}
        </span>
        <span className="soft sentence-text">
          {statusSentence(detail)}{" "}
          <span className="nowrap">
            <TimeText atMs={detail.statusSinceMs}>
              Since {formatClock(detail.statusSinceMs, nowMs)}, {formatAge(nowMs - detail.statusSinceMs)}.
            </TimeText>
          </span>
        </span>
        <Actions {...props} />
      </div>
      <Words detail={detail} />
    </>
  );
}

function Actions({ detail, pace, onPace, onEdited, repliesOpen, onReplies }: LeadProps): ReactElement {
  const mayOperate = useMayOperate();
  const [editing, setEditing] = useState(false);
  const { said, copy } = useCopy();
  const isFast = pace === "fast";
  return (
    <span className="push actions">
      <span className="micro" role="status">
        {said}
      </span>
      <button
        type="button"
        className="btn"
        aria-pressed={isFast}
        title={isFast ? "Polled about every 2 s while this page is open" : "Polled at its usual interval"}
        onClick={() => onPace(isFast ? "usual" : "fast")}
      >
        <i className={`watchdot ${isFast ? "on" : ""}`} />
        Watch every 2 s
      </button>
      <button type="button" className="btn" onClick={() => copy(window.location.href, null)}>
        Copy link
      </button>
      {mayOperate && (
        <button type="button" className="btn" onClick={() => setEditing(true)}>
          Edit
        </button>
      )}
      <button type="button" className="btn" aria-expanded={repliesOpen} onClick={onReplies}>
        Raw replies
      </button>
      {editing && <EditDialog detail={detail} onSaved={onEdited} onClose={() => setEditing(false)} />}
    </span>
  );
}

/** What people wrote about the machine. */
function Words({ detail: { tags, note } }: { detail: MinerDetail }): ReactElement | null {
  if (tags.length === 0 && note === "") return null;
  return (
    <div className="words">
      {tags.length > 0 && (
        <ul className="tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>
              <Link className="plain" href={`/miners?${new URLSearchParams({ tag }).toString()}`}>
                {plainText(tag)}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {note !== "" && <p className="note">{plainLines(note)}</p>}
    </div>
  );
}
