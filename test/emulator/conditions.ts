/** What is wrong with the machine itself at the moment; how it can be reached stands in Reach. */
export interface Conditions {
  readonly powered: boolean;
  readonly asleep: boolean;
  readonly heat: "normal" | "hotIntake" | "tripped"; // tripped: stopped by its own protection
  readonly deadBoards: readonly number[]; // positions, from 0
  readonly deadChips: readonly { readonly board: number; readonly count: number }[];
  readonly stoppedFans: readonly number[]; // positions, from 0
  readonly poolsDown: "none" | "first" | "all";
  readonly hijack: { readonly url: string; readonly worker: string } | null;
  readonly wrongValues: boolean;
}

export const HEALTHY: Conditions = {
  powered: true,
  asleep: false,
  heat: "normal",
  deadBoards: [],
  deadChips: [],
  stoppedFans: [],
  poolsDown: "none",
  hijack: null,
  wrongValues: false,
};

/** How a machine takes a connection. `refuse`: nothing listens; `dark`: no power, so nothing ever answers and its web server is gone. */
export type Reach =
  | { readonly mode: "up" | "refuse" | "dark" | "hang" | "closeEarly" | "cut" | "garbage" }
  | { readonly mode: "slow"; readonly delayMs: number };

export const UP: Reach = { mode: "up" };
