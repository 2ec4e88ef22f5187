import "./alerts.css";

import { Link } from "@tanstack/react-router";

import { useActiveAlerts } from "@/features/alerts/api/useActiveAlerts";
import { actsOn } from "@/features/alerts/components/acts";
import { AlertBulkBar } from "@/features/alerts/components/AlertBulkBar";
import { AlertItem } from "@/features/alerts/components/AlertItem";
import { gravestFirst } from "@/features/alerts/components/gravest";
import { HandledBar } from "@/features/alerts/components/HandledBar";
import { useAlertHandling } from "@/features/alerts/components/useAlertHandling";
import { useChosen } from "@/features/alerts/components/useChosen";
import { failureOf } from "@/lib/api";
import { count } from "@/lib/format";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";

/** Alerts that wait for somebody, gravest first, in a panel of the overview. */
export function AlertList() {
  const { search } = useSearchState();
  const alerts = useActiveAlerts();
  const handling = useAlertHandling();
  const shown = gravestFirst(alerts.data ?? []);
  const chosen = useChosen(shown);
  const failure = alerts.data === undefined ? failureOf(alerts.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void alerts.refetch()} />;
    if (alerts.data === undefined) return <Skeleton rows={4} label="Loading alerts" />;
    if (shown.length === 0) return <Empty title="No active alerts">An alert appears here the moment it is raised.</Empty>;
    return (
      <ul className="alerts">
        {shown.map((alert) => (
          <AlertItem key={alert.id} alert={alert} acts={actsOn(alert, handling, chosen)} />
        ))}
      </ul>
    );
  };

  return (
    <Panel
      title="Active alerts"
      note={alerts.data === undefined ? undefined : `${count(shown.length)} now`}
      tools={
        <Link to={pages.alerts} search={withoutFilters(search)}>
          All alerts
        </Link>
      }
      className="panel-list"
    >
      <AlertBulkBar chosen={chosen} handling={handling} />
      <HandledBar handling={handling} />
      {body()}
    </Panel>
  );
}
