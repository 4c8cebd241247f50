import { useRef, type ReactElement } from "react";
import type { Replies } from "../../../server/contract/api.ts";
import { getReplies } from "../../api/miners.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useCopy } from "../../components/useCopy.ts";
import { plainLines, plainText } from "../../format/plainText.ts";
import { formatAge } from "../../format/time.ts";
import { useLoad } from "../useLoad.ts";

type Reply = Replies["replies"][number];

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
      {data?.replies.map((reply) => (
        <ReplyText key={reply.command} reply={reply} fetchedAtMs={data.fetchedAtMs} />
      ))}
    </section>
  );
}

function ReplyText({ reply, fetchedAtMs }: { reply: Reply; fetchedAtMs: number }): ReactElement {
  const text = useRef<HTMLPreElement>(null);
  const { said, copy } = useCopy();
  return (
    <details open={reply.failure !== null}>
      <summary>
        <b>{plainText(reply.command)}</b>
        <span className="muted">
          {reply.failure !== null && `${reply.failure}, `}
          {reply.text.length.toLocaleString("en-US")} characters, {formatAge(fetchedAtMs - reply.atMs)} old
        </span>
      </summary>
      <div className="replycopy">
        <span className="micro" role="status">
          {said}
        </span>
        <button type="button" className="btn" onClick={() => copy(reply.text, text.current)}>
          Copy<span className="unseen"> the reply to {plainText(reply.command)}</span>
        </button>
      </div>
      <pre ref={text} tabIndex={0} aria-label={`Reply to ${plainText(reply.command)}`}>
        {plainLines(reply.text)}
      </pre>
    </details>
  );
}
