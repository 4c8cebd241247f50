import { useEffect, useState, useSyncExternalStore } from "react";
import { onSessionLost } from "../api/request.ts";
import { useAddress, useParts, useSites } from "./context.ts";
import { siteOf } from "./navigation.ts";
import { loadServerUnits } from "./serverUnits.ts";
import { reportSessionRegained } from "./sessionRegained.ts";

interface Stream {
  /** The site that the address asks for and that does not exist; null otherwise. */
  readonly unknownSiteId: string | null;
  readonly isSignedOut: boolean;
  /** To be called when somebody signed in on top of the page: everything goes on. */
  readonly signedInAgain: () => void;
}

/** Keeps the live stream open, about the site of the address, for as long as the page is there. */
export function useStream(): Stream {
  const { link, sites } = useParts();
  const linkState = useSyncExternalStore(link.subscribe, () => link.state);
  const [requestRefused, setRequestRefused] = useState(false);
  const siteId = siteOf(useAddress());
  const knownSites = useSites().items;
  const isUnknownSite = siteId !== null && knownSites !== null && !knownSites.some((site) => site.id === siteId);
  useEffect(() => {
    link.connect();
    return () => link.close();
  }, [link]);
  useEffect(() => void sites.load(), [sites]);
  useEffect(() => void loadServerUnits(), []);
  useEffect(() => link.setSite(isUnknownSite ? null : siteId), [link, siteId, isUnknownSite]);
  useEffect(() => onSessionLost(() => setRequestRefused(true)), []);
  const signedInAgain = (): void => {
    setRequestRefused(false);
    link.retry();
    reportSessionRegained();
    void sites.load();
  };
  return { unknownSiteId: isUnknownSite ? siteId : null, isSignedOut: requestRefused || linkState === "signedOut", signedInAgain };
}
