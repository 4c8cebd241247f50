import type { ReactElement } from "react";
import type { AlertRule } from "../../../../server/contract/incidents.ts";
import { changeAlertRule, getAlertRules, removeAlertRule } from "../../../api/alertRules.ts";
import { SwitchCell } from "../../../components/SwitchCell.tsx";
import { SeverityText } from "../../../components/SeverityMark.tsx";
import { Skeleton } from "../../../components/Skeleton.tsx";
import { Trouble } from "../../../components/Trouble.tsx";
import { formatNumber } from "../../../format/number.ts";
import { plainText } from "../../../format/plainText.ts";
import { useMayOperate } from "../../context.ts";
import { usePlaces } from "../../miners/usePlaces.ts";
import { RecordTable } from "../../../components/RecordTable.tsx";
import { useAction } from "../../useAction.ts";
import { useLoad } from "../../useLoad.ts";
import { AreaNav } from "../AreaNav.tsx";
import { useAfterNews } from "../useAfterNews.ts";
import { RecordActions, RecordDialogs } from "../RecordDialogs.tsx";
import { useAsked, type Asking } from "../useAsked.ts";
import { CONDITION_LABELS, limitText } from "./conditions.ts";
import { RuleDialog } from "./RuleDialog.tsx";
import { ScopeText } from "./ScopeText.tsx";
import "./rules.css";

/** What is watched: the rules that are built in, and those that people made. */
export function RulesPage(): ReactElement {
  const { data, error, reload } = useLoad("alert rules", getAlertRules);
  useAfterNews(reload);
  const mayOperate = useMayOperate();
  usePlaces();
  const asking = useAsked<AlertRule>();
  const own = data?.items.filter(({ builtIn }) => !builtIn) ?? [];
  return (
    <main className="rules">
      <AreaNav />
      <div className="pagehead">
        <h1>Rules</h1>
        {data !== null && <span className="soft">{onText(data.items)}</span>}
        {mayOperate && (
          <button type="button" className="btn push" onClick={asking.add}>
            Add a rule
          </button>
        )}
      </div>
      {error !== null && <Trouble error={error} retry={reload} />}
      {data === null ? (
        error === null && <Skeleton lines={12} />
      ) : (
        <>
          {own.length > 0 && <RuleList title="Own rules" rules={own} asking={asking} onChanged={reload} />}
          <RuleList title="Built-in rules" rules={data.items.filter(({ builtIn }) => builtIn)} asking={asking} onChanged={reload} />
        </>
      )}
      <RecordDialogs
        asking={asking}
        noun="rule"
        form={(rule) => <RuleDialog rule={rule} onSaved={reload} onClose={asking.close} />}
        onRemove={async ({ id }) => {
          await removeAlertRule(id);
          reload();
        }}
      >
        <p>What it watches is watched no more, and its alerts that fire now end. Incidents that are closed stay.</p>
      </RecordDialogs>
    </main>
  );
}

function onText(rules: readonly AlertRule[]): string {
  const on = rules.filter(({ enabled }) => enabled).length;
  return on === rules.length ? `All ${formatNumber(on)} are on.` : `${formatNumber(on)} of ${formatNumber(rules.length)} are on.`;
}

interface ListProps {
  readonly title: string;
  readonly rules: readonly AlertRule[];
  readonly asking: Asking<AlertRule>;
  readonly onChanged: () => void;
}

function RuleList({ title, rules, asking, onChanged }: ListProps): ReactElement {
  const { busy, error, run } = useAction();
  const turn = ({ id, enabled }: AlertRule): void => run(() => changeAlertRule(id, { enabled: !enabled }), onChanged);
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {error !== null && <Trouble error={error} />}
      <RecordTable label={`List of ${title.toLowerCase()}`} heads={["On", "Rule", "Severity", "Held for", "Where", "Now"]}>
        {rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} busy={busy} onTurn={() => turn(rule)} asking={asking} />
        ))}
      </RecordTable>
    </section>
  );
}

interface RowProps extends Pick<ListProps, "asking"> {
  readonly rule: AlertRule;
  readonly busy: boolean;
  readonly onTurn: () => void;
}

function RuleRow({ rule, busy, onTurn, asking }: RowProps): ReactElement {
  const mayOperate = useMayOperate();
  const { name, builtIn, enabled, condition, holdMs, scope, severity } = rule;
  return (
    <tr className={enabled ? "" : "off"}>
      <SwitchCell label={`${name} is on`} isOn={enabled} disabled={busy || !mayOperate} onTurn={onTurn} />
      <td className="wrap">
        <b>{plainText(name)}</b>
        <small className="soft">{[CONDITION_LABELS[condition.kind], limitText(condition)].filter(Boolean).join(" ")}</small>
      </td>
      <td>
        <SeverityText severity={severity} />
      </td>
      <td>{holdText(holdMs)}</td>
      <td className="wrap soft">
        <ScopeText scope={scope} />
      </td>
      <td className="soft">{nowText(rule)}</td>
      <td className="num">{mayOperate && <RecordActions record={rule} asking={asking} stays={builtIn} />}</td>
    </tr>
  );
}

/** `at once`, `30 s`, `5 min`, `90 s`. */
function holdText(holdMs: number): string {
  if (holdMs === 0) return "at once";
  return holdMs % 60_000 === 0 ? `${formatNumber(holdMs / 60_000)} min` : `${formatNumber(holdMs / 1000)} s`;
}

function nowText({ enabled, firingCount, pendingCount }: AlertRule): string {
  if (!enabled) return "off";
  const parts = [firingCount > 0 && `${formatNumber(firingCount)} firing`, pendingCount > 0 && `${formatNumber(pendingCount)} pending`];
  return parts.filter(Boolean).join(", ") || "quiet";
}
