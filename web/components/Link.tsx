import { useSyncExternalStore, type ComponentProps, type ReactElement } from "react";
import { useParts } from "../views/context.ts";
import { useLinkClicks } from "./useLinkClicks.ts";

/** A link within the page: an honest `a`, so that it can be copied and opened elsewhere, which goes there without a reload on a plain click. */
export function Link({ href, ...rest }: ComponentProps<"a"> & { href: string }): ReactElement {
  const { navigation } = useParts();
  useSyncExternalStore(navigation.subscribe, navigation.site); // another one than before: the address is another
  const follow = useLinkClicks();
  return <a {...rest} href={navigation.scoped(href)} onClick={follow} />;
}
