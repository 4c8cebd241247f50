import { setFlagsFromString } from "node:v8";

/** How far a heap may grow beyond what was alive before V8 collects it anew, in percent. */
const GROWING_PERCENT = 20;
/** Of each thread that starts afterwards, in MB; three of them make up where new objects lie. V8 takes 16. */
const SEMI_SPACE_MB = 8;

/**
 * Lets V8 collect sooner in all threads of this process. Left alone it lets heaps grow to twice and three times of what is alive: with 10,000 miners
 * 750 MB where 580 do, at the same processor time. (`--optimize-for-size` would go down to 490, for twice the processor time.) Before threads start.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
}
