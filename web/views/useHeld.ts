import { useState } from "react";

/** The newest answer about a place: what is shown until the one to another question about the same place is there. null before the first. */
export function useHeld<T extends object>(place: string, data: T | null): T | null {
  const [held, setHeld] = useState({ place, data });
  if (held.place !== place || (data !== null && data !== held.data)) setHeld({ place, data });
  return held.place === place ? (data ?? held.data) : data;
}
