import { useState, useSyncExternalStore, type ReactElement } from "react";
import {
  chooseTemperatureUnit,
  chosenTemperatureUnit,
  DENSITIES,
  density,
  onPreferencesChange,
  preferencesRevision,
  setDensity,
  TEMPERATURE_UNITS,
  type Density,
} from "../../components/preferences.ts";
import { Popover } from "../../components/Popover.tsx";
import { enterFullScreen } from "../../components/fullScreen.ts";
import { setTheme, theme, THEMES, type Theme } from "../../components/theme.ts";
import { useParts } from "../context.ts";
import { wallAddress } from "../navigation.ts";

const THEME_LABELS: Readonly<Record<Theme, string>> = { system: "As the system", light: "Light", dark: "Dark" };
const DENSITY_LABELS: Readonly<Record<Density, string>> = { compact: "Compact", comfortable: "Comfortable" };

/** How this browser shows things: theme, density, °C or °F, and the page as a wall. */
export function DisplayMenu(): ReactElement {
  const [chosenTheme, setChosenTheme] = useState(theme);
  useSyncExternalStore(onPreferencesChange, preferencesRevision);
  const { navigation } = useParts();
  const showWall = (): void => {
    enterFullScreen();
    navigation.push(wallAddress(navigation.current()));
  };
  const pickTheme = (picked: Theme): void => {
    setTheme(picked);
    setChosenTheme(picked);
  };
  return (
    <Popover button={<span aria-hidden="true">◐</span>} label="Display" align="end">
      <h3>Theme</h3>
      {THEMES.map((known) => (
        <Option key={known} label={THEME_LABELS[known]} pressed={known === chosenTheme} onPress={() => pickTheme(known)} />
      ))}
      <h3>Density</h3>
      {DENSITIES.map((known) => (
        <Option key={known} label={DENSITY_LABELS[known]} pressed={known === density()} onPress={() => setDensity(known)} />
      ))}
      <h3>Temperature</h3>
      <Option label="As the server" pressed={chosenTemperatureUnit() === null} onPress={() => chooseTemperatureUnit(null)} />
      {TEMPERATURE_UNITS.map((known) => (
        <Option key={known} label={`°${known}`} pressed={known === chosenTemperatureUnit()} onPress={() => chooseTemperatureUnit(known)} />
      ))}
      <h3>Control room</h3>
      <button type="button" className="option" data-closes onClick={showWall}>
        Show as a wall
      </button>
    </Popover>
  );
}

function Option({ label, pressed, onPress }: { label: string; pressed: boolean; onPress: () => void }): ReactElement {
  return (
    <button type="button" className="option" aria-pressed={pressed} onClick={onPress}>
      {label}
    </button>
  );
}
