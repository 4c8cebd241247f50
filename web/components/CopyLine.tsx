import { useEffect, useRef, useState, type ReactElement } from "react";

const FEEDBACK_MS = 3000;

/** One line to be taken elsewhere, with a button that copies it and says so. */
export function CopyLine({ text, label }: { text: string; label: string }): ReactElement {
  const line = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return undefined;
    const timer = window.setTimeout(() => setSaid(""), FEEDBACK_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => setSaid((await copyText(text, line.current)) ? "Copied" : "Selected: press Ctrl+C");
  return (
    <div className="copyline">
      <code ref={line} tabIndex={0} aria-label={label}>
        {text}
      </code>
      <button type="button" className="btn" onClick={() => void copy()}>
        Copy<span className="unseen"> {label}</span>
      </button>
      <span className="micro" role="status">
        {said}
      </span>
    </div>
  );
}

/** Browsers keep the clipboard from pages without TLS: there the line is selected, and the old way tried. False where only the reader can copy. */
async function copyText(text: string, line: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (line === null) return false;
    window.getSelection()?.selectAllChildren(line);
    return legacyCopy();
  }
}

function legacyCopy(): boolean {
  const { execCommand } = document as unknown as { execCommand?: (command: string) => boolean };
  return execCommand?.call(document, "copy") ?? false;
}
