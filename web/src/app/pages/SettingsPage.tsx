import "./pages.css";
import "./settings.css";

import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { AuditPanel } from "@/features/access/components/AuditPanel";
import { NoPermission } from "@/features/access/components/QueryBody";
import { TokenPanel } from "@/features/access/components/TokenPanel";
import { UserPanel } from "@/features/access/components/UserPanel";
import { AppearancePanel } from "@/features/appearance/components/AppearancePanel";
import { useMe } from "@/features/auth/api/useMe";
import { AccountPanel } from "@/features/auth/components/AccountPanel";
import { NotificationPanels } from "@/features/notifications/components/NotificationPanels";
import { StoragePanel } from "@/features/storage/components/StoragePanel";
import { type SettingsSearch, type Tab, TABS } from "@/lib/access";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { Panel } from "@/ui/Panel";

const TITLES: Record<Tab, string> = { account: "Account", appearance: "Appearance", notifications: "Notifications", retention: "Retention", users: "Users", tokens: "Tokens", audit: "Audit log" };

/** Who may ask, what is told and kept, and what was changed. */
export function SettingsPage() {
  const search = useSearch({ from: pages.settings });
  const navigate = useNavigate();
  const { data: me } = useMe();
  const tab = search.tab ?? "account";
  const range = withoutFilters(search);

  const body = () => {
    if (tab === "account") return <AccountPanel />;
    if (tab === "appearance") return <AppearancePanel />;
    if (tab === "notifications") return <NotificationPanels />;
    if (tab === "retention") return <StoragePanel />;
    if (me !== undefined && !me.scopes.includes("admin")) {
      return (
        <Panel title={TITLES[tab]}>
          <NoPermission />
        </Panel>
      );
    }
    if (tab === "users") return <UserPanel />;
    if (tab === "tokens") return <TokenPanel />;
    const change = (next: SettingsSearch) => void navigate({ to: pages.settings, search: { ...range, ...next } });
    return <AuditPanel search={{ tab, deed: search.deed, kind: search.kind, cursor: search.cursor }} onChange={change} />;
  };

  return (
    <div className="page">
      <nav className="settings-tabs" aria-label="Settings">
        {TABS.map((each) => (
          <Link key={each} to={pages.settings} search={{ ...range, tab: each }} className="settings-tab" aria-current={each === tab ? "page" : undefined}>
            {TITLES[each]}
          </Link>
        ))}
        <Link to={pages.reference} search={range} className="settings-tab">
          API
        </Link>
      </nav>
      {body()}
    </div>
  );
}
