const listeners = new Set<() => void>();

/** Called after somebody signed in on top of a page that had lost its session. Returns the function that unsubscribes. */
export function onSessionRegained(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function reportSessionRegained(): void {
  for (const listener of listeners) listener();
}
