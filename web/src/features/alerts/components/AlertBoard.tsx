import "./alerts.css";

import { useRef, useState } from "react";

import { useActiveAlerts } from "@/features/alerts/api/useActiveAlerts";
import { actsOn } from "@/features/alerts/components/acts";
import { AlertBulkBar } from "@/features/alerts/components/AlertBulkBar";
import { AlertItem } from "@/features/alerts/components/AlertItem";
import { GRAVITIES, gravityOf, passes, sorted } from "@/features/alerts/components/gravest";
import { HandledBar } from "@/features/alerts/components/HandledBar";
import { isHeld, SilenceDialog } from "@/features/alerts/components/SilenceDialog";
import { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import { useAlertKeys } from "@/features/alerts/components/useAlertKeys";
import { useChosen } from "@/features/alerts/components/useChosen";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { ALERT_SORTS, type AlertSort } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import type { Alert } from "@/lib/wire";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { Segments } from "@/ui/Segments";

const SORT_NAMES: Record<AlertSort, string> = { gravest: "Gravest", newest: "Newest", count: "Biggest" };

/** Every alert that waits for somebody: the gravest in groups on top, or in one list by time or size. */
export function AlertBoard({ mayAct }: { mayAct: boolean }) {
  const { search, filters, change } = useSearchState();
  const alerts = useActiveAlerts();
  const handling = useAlertHandling();
  const list = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState<Alert | null>(null);
  const sort = search.sort ?? "gravest";
  const all = alerts.data ?? [];
  const shown = sorted(all.filter((alert) => passes(alert, filters)), sort);
  const chosen = useChosen(shown);
  const failure = alerts.data === undefined ? failureOf(alerts.error) : null;
  const groups = sort === "gravest" ? GRAVITIES.map((gravity) => ({ gravity, of: shown.filter((alert) => gravityOf(alert) === gravity) })).filter(({ of }) => of.length > 0) : [];

  useAlertKeys(list, shown, chosen.alerts, mayAct ? { acknowledge: (those) => handling.apply(those, "acknowledge", chosen.clear), dismiss: (those) => handling.apply(those, "dismiss", chosen.clear), silence: setAsked } : null);

  const item = (alert: Alert) => (
    <AlertItem key={alert.id} alert={alert} {...(mayAct && { acts: actsOn(alert, handling, chosen, () => setAsked(alert)) })} />
  );

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void alerts.refetch()} />;
    if (alerts.data === undefined) return <Skeleton rows={8} label="Loading alerts" />;
    if (all.length === 0) return <Empty title="No active alerts">An alert appears here the moment it is raised. What was raised before stands in the history.</Empty>;
    if (shown.length === 0) return <Empty title="No active alert matches these filters">Take a filter away to see all {count(all.length)}.</Empty>;
    if (sort !== "gravest") return <ul className="alerts">{shown.map(item)}</ul>;
    return groups.map(({ gravity, of }) => (
      <section key={gravity} className="alert-group" aria-label={`${gravity}: ${count(of.length)}`}>
        <h3>
          {gravity} <span className="muted">{count(of.length)}</span>
        </h3>
        <ul className="alerts">{of.map(item)}</ul>
      </section>
    ));
  };

  return (
    <Panel
      title="Active alerts"
      note={alerts.data === undefined ? undefined : shown.length === all.length ? `${count(all.length)} now` : `${count(shown.length)} of ${count(all.length)} now`}
      tools={<Segments label="Order" values={ALERT_SORTS} chosen={sort} text={(value) => SORT_NAMES[value]} onChoose={(next) => change({ ...search, sort: next === "gravest" ? undefined : next })} />}
    >
      {!mayAct && <p className="muted alert-bar">Your role sees alerts; operators and administrators act on them.</p>}
      <AlertBulkBar chosen={chosen} handling={handling} />
      <HandledBar handling={handling} />
      <div ref={list}>{body()}</div>
      {asked !== null && (
        <SilenceDialog
          alert={asked}
          onClose={() => setAsked(null)}
          onSilence={(quiet, filter) => (filter === null ? handling.silence(asked, quiet) : handling.silenceAll(filter, quiet, all.filter((alert) => isHeld(alert, filter))))}
        />
      )}
    </Panel>
  );
}
