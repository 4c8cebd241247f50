import { useRef, type ReactElement, type ReactNode } from "react";
import type { MalformedReply } from "../../../server/contract/api.ts";
import type { PollFailure } from "../../../server/contract/sample.ts";
import { getMalformed, getReplies } from "../../api/miners.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TimeText } from "../../components/TimeText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useCopy } from "../../components/useCopy.ts";
import { formatNumber } from "../../format/number.ts";
import { plainLines, plainText } from "../../format/plainText.ts";
import { FAILURE_LABELS } from "../../format/status.ts";
import { formatAge, formatClock } from "../../format/time.ts";
import { useNowMs } from "../context.ts";
import { useLoad } from "../useLoad.ts";

/** What the miner said, word for word, by command. Fetched from the agent when opened; pool passwords are masked there. */
export function RawReplies({ minerId }: { minerId: string }): ReactElement {
  const { data, error, reload } = useLoad(`replies/${minerId}`, (signal) => getReplies(minerId, signal));
  return (
    <section className="panel replies" aria-label="Raw replies">
      <header>
        <h2>Raw replies</h2>
        <span className="micro">as the agent last got them</span>
        <button type="button" className="btn quiet push" onClick={reload}>
          Fetch again
        </button>
      </header>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null && error === null && <Skeleton lines={4} />}
      {data?.replies.length === 0 && <p className="blank soft">The agent has no reply of this miner yet.</p>}
      {data?.replies.map(({ command, text, failure, atMs }) => (
        <ReplyText key={command} {...{ command, text, failure }} isOpen={failure !== null}>
          <TimeText atMs={atMs}>{formatAge(data.fetchedAtMs - atMs)} old</TimeText>
        </ReplyText>
      ))}
      <MalformedReplies minerId={minerId} />
    </section>
  );
}

/** Replies that could not be read, as the server keeps them for a look. */
function MalformedReplies({ minerId }: { minerId: string }): ReactElement | null {
  const nowMs = useNowMs();
  const { data, error, reload } = useLoad(`malformed/${minerId}`, (signal) => getMalformed(minerId, signal));
  if (error !== null) return <Trouble error={error} retry={reload} />;
  if (data === null || data.items.length === 0) return null;
  return (
    <>
      <h3 className="malformed">Could not be read; kept for 7 days</h3>
      {data.items.map((reply, index) => (
        <ReplyText key={`${reply.atMs}/${index}`} command={reply.command} text={textOf(reply)} failure={reply.failure}>
          <TimeText atMs={reply.atMs}>{formatClock(reply.atMs, nowMs)}</TimeText>
        </ReplyText>
      ))}
    </>
  );
}

function textOf({ base64 }: MalformedReply): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

interface ReplyProps {
  readonly command: string;
  readonly text: string;
  readonly failure: string | null;
  readonly isOpen?: boolean;
  /** When it came. */
  readonly children: ReactNode;
}

function ReplyText({ command, text, failure, isOpen = false, children }: ReplyProps): ReactElement {
  const shown = useRef<HTMLPreElement>(null);
  const { said, copy } = useCopy();
  const name = plainText(command);
  return (
    <details open={isOpen}>
      <summary>
        <b>{name}</b>
        <span className="muted">
          {failure !== null && `${FAILURE_LABELS[failure as PollFailure]}, `}
          {formatNumber(text.length)} characters, {children}
        </span>
      </summary>
      <div className="replycopy">
        <span className="micro" role="status">
          {said}
        </span>
        <button type="button" className="btn" onClick={() => copy(text, shown.current)}>
          Copy<span className="unseen"> the reply to {name}</span>
        </button>
      </div>
      <pre ref={shown} tabIndex={0} aria-label={`Reply to ${name}`}>
        {plainLines(text)}
      </pre>
    </details>
  );
}
