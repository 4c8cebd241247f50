import { useSyncExternalStore, type ComponentProps, type MouseEvent, type ReactElement } from "react";
import { useParts } from "../views/context.ts";

/** A link within the page: an honest `a`, so that it can be copied and opened elsewhere, which goes there without a reload on a plain click. */
export function Link({ href, ...rest }: ComponentProps<"a"> & { href: string }): ReactElement {
  const { navigation } = useParts();
  useSyncExternalStore(navigation.subscribe, navigation.site); // another one than before: the address is another
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigation.push(href);
    window.scrollTo(0, 0);
  };
  return <a {...rest} href={navigation.scoped(href)} onClick={follow} />;
}
