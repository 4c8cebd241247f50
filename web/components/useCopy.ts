import { useEffect, useState } from "react";

const FEEDBACK_MS = 3000;

export interface Copying {
  /** What came of the last press, for a moment; empty otherwise. */
  readonly said: string;
  /** `shown`: where the text stands on the page, to be selected when the browser refuses; null where it does not stand there. */
  readonly copy: (text: string, shown: HTMLElement | null) => void;
}

/** Copies text to the clipboard and says whether it did. */
export function useCopy(): Copying {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return undefined;
    const timer = window.setTimeout(() => setSaid(""), FEEDBACK_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = (text: string, shown: HTMLElement | null): void =>
    void copyText(text, shown).then((done) =>
      setSaid(done ? "Copied" : shown === null ? "Take it from the address bar" : "Selected: press Ctrl+C"),
    );
  return { said, copy };
}

/** Browsers keep the clipboard from pages without TLS: there the text is selected and the old way tried. False where only the reader can copy. */
async function copyText(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown === null) return copyUnseen(text);
    window.getSelection()?.selectAllChildren(shown);
    return legacyCopy();
  }
}

function copyUnseen(text: string): boolean {
  const focused = document.activeElement;
  const line = document.createElement("textarea");
  line.value = text;
  line.className = "unseen";
  document.body.append(line);
  line.select();
  const done = legacyCopy();
  line.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

function legacyCopy(): boolean {
  const { execCommand } = document as unknown as { execCommand?: (command: string) => boolean };
  return execCommand?.call(document, "copy") ?? false;
}
