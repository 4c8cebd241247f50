import type { ReactElement } from "react";
import { Link } from "../../components/Link.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { useMayAdminister } from "../context.ts";
import { AuditLog } from "./AuditLog.tsx";
import { General } from "./General.tsx";
import { Notifications } from "./Notifications.tsx";
import { partOf, PARTS, settingsAddress, type Part } from "./parts.ts";
import { Retention } from "./Retention.tsx";
import { SaveBar } from "./SaveBar.tsx";
import { Thresholds } from "./Thresholds.tsx";
import { Tokens } from "./Tokens.tsx";
import { Users } from "./Users.tsx";
import { useSettings, type SettingsForm } from "./useSettings.ts";
import { WallLinks } from "./WallLinks.tsx";
import "./settings.css";

/** What holds for the whole server, in sections; the address says which is shown. */
export function SettingsPage({ search }: { search: string }): ReactElement {
  const form = useSettings();
  const wanted = partOf(search);
  const part = wanted ?? "general";
  const mayChange = useMayAdminister({ allSites: true });
  return (
    <main className="settings">
      <div className="pagehead">
        <h1>Settings</h1>
        {!mayChange && <span className="soft">You may look. Changes need an admin of all sites.</span>}
      </div>
      {wanted === null && (
        <p className="trouble" role="alert">
          This link asks for a section of the settings that does not exist. Shown: {PARTS[0].label}.
        </p>
      )}
      <div className="settingsbody">
        <nav aria-label="Settings" className="settingsnav">
          {PARTS.map(({ part: other, label }) => (
            <Link key={other} className="plain" href={settingsAddress(other)} aria-current={other === part ? "page" : undefined}>
              {label}
              {form.changed.some((changed) => changed === other) && <span className="unsaved">not saved</span>}
            </Link>
          ))}
        </nav>
        <div className="settingspart">
          <Section part={part} search={search} form={form} mayChange={mayChange} />
          {mayChange && <SaveBar form={form} />}
        </div>
      </div>
    </main>
  );
}

interface SectionProps {
  readonly part: Part;
  readonly search: string;
  readonly form: SettingsForm;
  readonly mayChange: boolean;
}

function Section(props: SectionProps): ReactElement {
  switch (props.part) {
    case "notifications":
      return <Notifications mayChange={props.mayChange} />;
    case "users":
      return props.mayChange ? <Users /> : <NeedsAdmin />;
    case "tokens":
      return props.mayChange ? <Tokens /> : <NeedsAdmin />;
    case "walls":
      return props.mayChange ? <WallLinks /> : <NeedsAdmin />;
    case "audit":
      return props.mayChange ? <AuditLog search={props.search} /> : <NeedsAdmin />;
    default:
      return <SettingsSection {...props} part={props.part} />;
  }
}

interface SettingsSectionProps extends SectionProps {
  readonly part: "general" | "data" | "thresholds";
}

function SettingsSection({ part, form, mayChange }: SettingsSectionProps): ReactElement {
  if (form.loadError !== null) return <Trouble error={form.loadError} retry={form.reload} />;
  const { draft } = form;
  if (draft === null) return <Skeleton lines={8} />;
  const props = { draft, problems: form.problems, change: form.change, disabled: !mayChange || form.busy };
  return part === "general" ? <General {...props} /> : part === "data" ? <Retention {...props} /> : <Thresholds {...props} />;
}

function NeedsAdmin(): ReactElement {
  return (
    <div className="panel nothing">
      <p>
        <b>This is for admins of all sites.</b> Ask one of them to look, or to change your role.
      </p>
    </div>
  );
}
