import { getUnits } from "../api/settings.ts";
import { setServerTemperatureUnit } from "../components/preferences.ts";

/** Takes over the units that the server is set to. Without an answer the page shows °C, and says so in every unit. */
export async function loadServerUnits(): Promise<void> {
  try {
    setServerTemperatureUnit((await getUnits(new AbortController().signal)).temperature);
  } catch {
    // The header says how the connection stands.
  }
}
