import "./pages.css";
import "./settings.css";

import { Link } from "@tanstack/react-router";

import { ExportLink } from "@/app/pages/ExportLink";
import { PagerBar } from "@/app/pages/PagerBar";
import { usePager } from "@/app/pages/usePager";
import { useAlertHistory } from "@/features/alerts/api/useAlertHistory";
import { AlertBoard } from "@/features/alerts/components/AlertBoard";
import { AlertHistory } from "@/features/alerts/components/AlertHistory";
import { SilencePanel } from "@/features/alerts/components/SilencePanel";
import { useMe } from "@/features/auth/api/useMe";
import { FilterBar } from "@/features/filters/components/FilterBar";
import type { ListQuery } from "@/lib/keys";
import { api, pages } from "@/lib/paths";
import { ALERT_VIEWS, type AlertView, withoutFilters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";

const NAMES: Record<AlertView, string> = { active: "Active", history: "History", silences: "Silences" };

/** What the server knows of alerts (API.md 1.7). */
const FILTERS = ["severity", "class", "q"] as const;

/** What people are told without asking: what waits, what was, and what is kept quiet. */
export function AlertsPage() {
  const { search } = useSearchState();
  const { data: me } = useMe();
  const mayAct = me === undefined || me.scopes.includes("operate");
  const view = search.view ?? "active";
  return (
    <div className="page">
      <nav className="settings-tabs" aria-label="Alerts">
        {ALERT_VIEWS.map((each) => (
          <Link
            key={each}
            to={pages.alerts}
            search={{ ...withoutFilters(search), view: each === "active" ? undefined : each }}
            // Without it the first view counts as open in the others too, for its address is a part of theirs.
            activeOptions={{ explicitUndefined: true }}
            className="settings-tab"
            aria-current={each === view ? "page" : undefined}
          >
            {NAMES[each]}
          </Link>
        ))}
      </nav>
      {view === "active" && (
        <>
          <div className="list-head">
            <FilterBar keys={FILTERS} />
          </div>
          <AlertBoard mayAct={mayAct} />
        </>
      )}
      {view === "history" && <History mayAct={mayAct} />}
      {view === "silences" && <SilencePanel mayAct={mayAct} />}
    </div>
  );
}

function History({ mayAct }: { mayAct: boolean }) {
  const { window, filters } = useSearchState();
  const pager = usePager();
  const query: ListQuery = { window, filters, cursor: pager.cursor };
  const list = useAlertHistory(query);
  const rows = list.data?.data.length ?? 0;
  return (
    <>
      <div className="list-head">
        <FilterBar keys={FILTERS} />
        <div className="list-tools">
          <ExportLink path={api.alertsHistory} />
        </div>
      </div>
      <AlertHistory query={query} mayAct={mayAct} />
      {rows > 0 && <PagerBar pager={pager} next={list.data?.page.next} rows={rows} noun="alert" />}
    </>
  );
}
