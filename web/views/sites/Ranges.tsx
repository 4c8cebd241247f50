import { useId, useRef, useState, type ReactElement, type SyntheticEvent } from "react";
import type { Agent, Range } from "../../../server/contract/api.ts";
import { addRange, removeRange } from "../../api/sites.ts";
import { Trouble } from "../../components/Trouble.tsx";
import { plainText } from "../../format/plainText.ts";
import { rangeSpan } from "../../live/subnets.ts";
import { useMayOperate } from "../context.ts";

interface RangesProps {
  readonly agent: Agent;
  readonly ranges: readonly Range[];
  readonly onChange: () => void;
  /** Whether to begin in the line where ranges are typed. */
  readonly autoFocus?: boolean;
}

/** Several ranges may be typed at once, apart by commas or blanks. */
function rangesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** Networks of which nothing is in a range yet. */
function suggestedNetworks(networks: readonly string[], ranges: readonly string[]): string[] {
  const spans = ranges.map(rangeSpan).filter((span) => span !== null);
  return networks.filter((network) => {
    const own = rangeSpan(network);
    return own !== null && !spans.some(({ from, to }) => from <= own.to && to >= own.from);
  });
}

/** The ranges of one agent, and a line to add more. */
export function Ranges({ agent, ranges, onChange, autoFocus = false }: RangesProps): ReactElement {
  const mayOperate = useMayOperate();
  const [text, setText] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const inputId = useId();
  const input = useRef<HTMLInputElement>(null);
  const suggested = suggestedNetworks(agent.networks, [...ranges.map(({ range }) => range), ...rangesIn(text)]);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)));
    }
    setBusy(false);
    onChange();
  };
  const add = (event: SyntheticEvent): void => {
    event.preventDefault();
    void run(async () => {
      const waiting = rangesIn(text);
      // One after the other: what was taken leaves the line, and what is wrong stays in it to be mended.
      while (waiting.length > 0) {
        await addRange({ agentId: agent.id, range: waiting[0] });
        waiting.shift();
        setText(waiting.join(", "));
      }
    });
  };
  return (
    <>
      <ul className="ranges" aria-label="Ranges">
        {ranges.map((range) => (
          <li key={range.id}>
            <b className="id">{range.range}</b>
            {range.source === "flag" ? (
              <span className="muted micro">from --ranges</span>
            ) : (
              mayOperate && (
                <button type="button" className="btn quiet" disabled={busy} onClick={() => void run(() => removeRange(range.id))}>
                  Remove <span className="unseen">{range.range}</span>
                </button>
              )
            )}
          </li>
        ))}
        {ranges.length === 0 && <li className="soft">No range yet. Add the first below, then scan it.</li>}
      </ul>
      {mayOperate && suggested.length > 0 && (
        <Suggestions
          networks={suggested}
          onPick={(network) => {
            setText([...rangesIn(text), network].join(", "));
            input.current?.focus();
          }}
        />
      )}
      {mayOperate ? (
        <form className="addrange" onSubmit={add}>
          <label className="unseen" htmlFor={inputId}>
            Add ranges
          </label>
          <input
            id={inputId}
            ref={input}
            className="input id"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="10.20.12.0/24, 10.20.20.7:4029"
            autoComplete="off"
            autoFocus={autoFocus}
            spellCheck={false}
            aria-invalid={error !== null}
          />
          <button className="btn" disabled={busy || rangesIn(text).length === 0}>
            Add
          </button>
        </form>
      ) : (
        <p className="blank soft">Your role may look, not change. An operator can add ranges.</p>
      )}
      {error !== null && (
        <div className="blank">
          <Trouble error={error} />
        </div>
      )}
    </>
  );
}

function Suggestions({ networks, onPick }: { networks: readonly string[]; onPick: (network: string) => void }): ReactElement {
  return (
    <div className="suggested" role="group" aria-label="Networks of the agent">
      <span className="micro">The agent stands in</span>
      {networks.map((network) => (
        <button key={network} type="button" className="btn id" title="Put it into the line below" onClick={() => onPick(network)}>
          {plainText(network)}
        </button>
      ))}
    </div>
  );
}
