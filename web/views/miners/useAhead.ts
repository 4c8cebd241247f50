import { useEffect, useRef, type PointerEvent } from "react";
import { useParts } from "../context.ts";

/** A pointer or the keys stay on a machine for so long before somebody seems to be about to open it. */
const INTENT_MS = 80;
/** The table is drawn and its data has come: the line is free for what is probably looked at next. */
const SETTLED_MS = 1500;

interface AheadHands {
  readonly onPointerOver: (event: PointerEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
}

/**
 * Asks for the machine that is about to be opened: its link is pressed, or rested on, or the keys are at its row. The script of its page comes
 * when a pointer or the keys first reach the rows, or the table has stood there for a moment.
 */
export function useAhead(currentId: string | null): AheadHands {
  const { ahead } = useParts();
  const timer = useRef<number>(undefined);
  const askSoon = (minerId: string | null): void => {
    window.clearTimeout(timer.current);
    if (minerId !== null) timer.current = window.setTimeout(() => ahead.ask(minerId), INTENT_MS);
  };
  useEffect(() => {
    const settled = window.setTimeout(bringScript, SETTLED_MS);
    return () => window.clearTimeout(settled);
  }, []);
  useEffect(() => {
    if (currentId === null) return undefined;
    bringScript();
    const resting = window.setTimeout(() => ahead.ask(currentId), INTENT_MS);
    return () => window.clearTimeout(resting);
  }, [ahead, currentId]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return {
    onPointerOver: ({ target, pointerType }) => {
      bringScript();
      askSoon(pointerType === "mouse" ? minerOf(target) : null);
    },
    onPointerDown: ({ target }) => {
      const minerId = minerOf(target);
      if (minerId !== null) ahead.ask(minerId);
    },
  };
}

/** Where it does not come, opening the page says so. */
function bringScript(): void {
  import("../miner/MinerPage.tsx").catch(() => undefined);
}

/** The miner whose link this is, null for what is none. */
function minerOf(target: EventTarget): string | null {
  if (!(target instanceof Element) || target.closest("a") === null) return null;
  return target.closest('[role="row"]')?.id.replace(/^row-/, "") ?? null;
}
