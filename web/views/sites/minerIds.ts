import { useMemo } from "react";
import { useFleet } from "../context.ts";

/** Address and port as one text. */
export const endpointKey = ({ address, port }: { address: string; port: number }): string => `${address}:${port}`;

/** Ids of the agent's miners by address and port. */
export function useMinerIds(agentId: string): ReadonlyMap<string, string> {
  const { identity } = useFleet();
  const { revision } = identity;
  return useMemo(() => {
    const { id, address, port, agentId: agentIds } = identity.columns;
    const own = id.flatMap((minerId, i) =>
      agentIds[i] === agentId ? [[endpointKey({ address: address[i] ?? "", port: port[i] ?? 0 }), minerId] as const] : [],
    );
    return new Map(own);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the table is changed in place; its revision tells when
  }, [identity, agentId, revision]);
}
