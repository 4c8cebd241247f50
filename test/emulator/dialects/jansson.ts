import type { BoardReading } from "../reading.ts";

/** A real as jansson prints it with 12 significant digits. */
export function real(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return `${value}.0`;
  const text = String(Number(value.toPrecision(12)));
  if (Math.abs(value) < 1e12) return text;
  const [digits, exponent] = value.toExponential(11).split("e");
  return `${digits.replace(/\.?0+$/, "")}e${exponent.replace("+", "")}`;
}

/** A rate with two decimals, as real. */
export function rate(valueHs: number, unitHs: number): string {
  const hundredths = Math.round((valueHs / unitHs) * 100);
  return hundredths % 100 === 0 ? `${hundredths / 100}.0` : String(hundredths / 100);
}

/** The controller on the board reads about ten degrees below the board. Water-cooled boards have none. */
export function picTemps(board: BoardReading): readonly number[] {
  return board.boardTempsC.map((boardC) => (boardC === 0 ? 0 : boardC - 10));
}

/** Sixteen hex digits of the first chip. */
export function chipId(seed: number): string {
  return `80${seed.toString(16).padStart(8, "0")}10481c`;
}
