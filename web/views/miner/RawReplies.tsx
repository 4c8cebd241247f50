import { useRef, useState, type ReactElement } from "react";
import type { Replies } from "../../../server/contract/api.ts";
import { getReplies } from "../../api/miners.ts";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
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
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    setCopied(await copyText(reply.text, text.current));
  };
  return (
    <details open={reply.failure !== null}>
      <summary>
        <b>{reply.command}</b>
        <span className="muted">
          {reply.failure !== null && `${reply.failure}, `}
          {reply.text.length.toLocaleString("en-US")} characters, {formatAge(fetchedAtMs - reply.atMs)} old
        </span>
      </summary>
      <button type="button" className="btn" onClick={() => void copy()}>
        {copied ? "Copied" : "Copy"}
      </button>
      <pre ref={text} tabIndex={0} aria-label={`Reply to ${reply.command}`}>
        {reply.text}
      </pre>
    </details>
  );
}

/** Copies, and says whether it did. Without the right to (a page without TLS has none) it selects the text, for the keyboard to copy. */
async function copyText(text: string, element: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (element !== null) window.getSelection()?.selectAllChildren(element);
    return false;
  }
}
