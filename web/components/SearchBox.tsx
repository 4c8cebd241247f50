import { useEffect, useRef, type ReactElement, type RefObject } from "react";
import { isTyping } from "./isTyping.ts";
import { minersAddress, parseMinersAddress } from "../views/miners/minersQuery.ts";
import { useAddress, useParts } from "../views/context.ts";
import { routeOf } from "../views/navigation.ts";

/** Searches the table from any page. The text is part of the address; `/` goes here from anywhere. */
export function SearchBox(): ReactElement {
  const { navigation } = useParts();
  const input = useRef<HTMLInputElement>(null);
  const route = routeOf(useAddress());
  const { query, layout, viewId } = parseMinersAddress(route.page === "miners" ? route.search : "");
  useSlashKey(input);
  const search = (text: string): void => {
    const address = minersAddress({ ...query, text }, layout, viewId);
    // One step back undoes the whole search, not its last letter.
    if (route.page === "miners" && query.text !== "") navigation.replace(address);
    else navigation.push(address);
  };
  return (
    <div className="search" role="search">
      <input
        ref={input}
        type="search"
        aria-label="Search miners"
        placeholder="Search miners, addresses, workers"
        value={query.text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => search(event.target.value)}
      />
      <kbd className="desk" aria-hidden="true">
        /
      </kbd>
    </div>
  );
}

function useSlashKey(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.select();
    };
    window.addEventListener("keydown", focus);
    return () => window.removeEventListener("keydown", focus);
  }, [input]);
}
