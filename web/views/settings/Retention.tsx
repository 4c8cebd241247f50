import type { ReactElement } from "react";
import type { StorageForecast } from "../../../server/contract/api.ts";
import { getStorageForecast } from "../../api/settings.ts";
import { Field } from "../../components/Field.tsx";
import { FigureText } from "../../components/FigureText.tsx";
import { Trouble } from "../../components/Trouble.tsx";
import { bytesFigure } from "../../format/bytes.ts";
import { figure } from "../../format/number.ts";
import { useLoad } from "../useLoad.ts";
import type { SectionForm } from "./General.tsx";
import { TIERS } from "./settingsDraft.ts";

/** How long each tier of the history is kept, and what it takes on disk. */
export function Retention({ draft, problems, change, disabled }: SectionForm): ReactElement {
  return (
    <>
      <Storage />
      <section className="panel form settingsform" aria-label="Retention">
        {TIERS.map(({ tier, label }) => (
          <Field
            key={tier}
            label={`${label}, days`}
            className="short"
            inputMode="decimal"
            value={draft.retention[tier]}
            placeholder={tier === "dayDays" ? "for ever" : ""}
            onChange={(event) => change({ retention: { ...draft.retention, [tier]: event.target.value } })}
            problem={problems.get(`retention.${tier}`) ?? null}
            disabled={disabled}
            autoComplete="off"
            {...(tier === "dayDays" ? { hint: "Empty: for ever." } : {})}
          />
        ))}
        <p className="soft">
          What is older is deleted in small steps. Shorter times free disk soon after saving, and what is gone does not come back.
        </p>
      </section>
    </>
  );
}

function Storage(): ReactElement {
  const { data, error, reload } = useLoad("storage", getStorageForecast);
  return (
    <section className="panel" aria-label="Size">
      {error !== null && <Trouble error={error} retry={reload} />}
      {data !== null && (
        <div className="sizes">
          <Size figure={bytesFigure(data.databaseBytes)} label="database" />
          <Size
            figure={bytesFigure(data.bytesPerDay)}
            label={data.bytesPerDay === null ? "a day, known after the first hours" : "a day at this rate"}
          />
          <Size figure={bytesFigure(data.freeBytes)} label="free on the disk" />
          <FullIn forecast={data} />
        </div>
      )}
    </section>
  );
}

function FullIn({ forecast: { fullInDays, bytesPerDay } }: { forecast: StorageForecast }): ReactElement {
  if (bytesPerDay === null) return <Size figure={figure(null, "")} label="until the disk is full" />;
  if (fullInDays === null) return <Size figure={{ text: "not in sight", unit: "" }} label="that the disk gets full" />;
  const days = Math.floor(fullInDays);
  return <Size figure={figure(days, days === 1 ? "day" : "days")} label="until the disk is full" />;
}

function Size({ figure: shown, label }: { figure: ReturnType<typeof figure>; label: string }): ReactElement {
  return (
    <div>
      <b>
        <FigureText figure={shown} />
      </b>
      <span>{label}</span>
    </div>
  );
}
