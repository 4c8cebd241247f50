import { figure, isReading, type Figure } from "./number.ts";

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

/** A size on disk in steps of 1,000, as disks are sold: `182 MB`, `4.2 GB`. */
export function bytesFigure(bytes: number | null | undefined): Figure {
  if (!isReading(bytes)) return figure(null, "");
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3 + 1e-12));
  const scaled = bytes / 1000 ** step;
  return figure(scaled, UNITS[step] ?? "B", step < 3 || scaled >= 100 ? 0 : 1);
}
