import "./activities.css";

import { Link } from "@tanstack/react-router";

import { useActivities } from "@/features/activities/api/useActivities";
import { failureOf } from "@/lib/api";
import { pages } from "@/lib/paths";
import { rowsBehind, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { actionText } from "@/lib/vocabulary";
import type { Activity } from "@/lib/wire";
import { ActionBadge } from "@/ui/Badge";
import { Empty, Failed, Skeleton } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { TimeText } from "@/ui/TimeText";

/** What happened last: every threat, and a sample of the rest. */
export function ActivityFeed() {
  const { search } = useSearchState();
  const activities = useActivities();
  const failure = activities.data === undefined ? failureOf(activities.error) : null;

  const body = () => {
    if (failure !== null) return <Failed failure={failure} onRetry={() => void activities.refetch()} />;
    if (activities.data === undefined) return <Skeleton rows={6} label="Loading activity" />;
    if (activities.data.length === 0) return <Empty title="Nothing has happened yet" />;
    return (
      <ol className="activities">
        {activities.data.map((activity) => (
          <ActivityLine key={activity.id} activity={activity} />
        ))}
      </ol>
    );
  };

  return (
    <Panel
      title="Activity"
      note="all threats, at most one allowed request per second"
      className="panel-list"
      tools={
        <Link to={pages.activity} search={withoutFilters(search)}>
          All activity
        </Link>
      }
    >
      {body()}
    </Panel>
  );
}

function ActivityLine({ activity }: { activity: Activity }) {
  const { search } = useSearchState();
  const page = activity.action === "allow" ? pages.traffic : pages.threats;
  return (
    <li className="activity">
      <TimeText instant={activity.timestamp} />
      <span className="activity-what">
        <span className="mono activity-title">{activity.title}</span>
        <span className="muted">
          {activity.threat_type !== null && `${activity.threat_type} · `}
          <Link to={page} search={rowsBehind(search, { ip: activity.ip })} className="mono">
            {activity.ip}
          </Link>
        </span>
      </span>
      <ActionBadge action={activity.action} text={actionText(activity.action, activity.enforced)} />
    </li>
  );
}
