import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";

import { AnalyticsPage } from "@/app/pages/AnalyticsPage";
import { LoginPage } from "@/app/pages/LoginPage";
import { ModelPage } from "@/app/pages/ModelPage";
import { NotFound } from "@/app/pages/NotFound";
import { OverviewPage } from "@/app/pages/OverviewPage";
import { PerformancePage } from "@/app/pages/PerformancePage";
import { SecurityPage } from "@/app/pages/SecurityPage";
import { SettingsPage } from "@/app/pages/SettingsPage";
import { SourcesPage } from "@/app/pages/SourcesPage";
import { ThreatDrawer } from "@/app/pages/ThreatDrawer";
import { ThreatsPage } from "@/app/pages/ThreatsPage";
import { TrafficDrawer } from "@/app/pages/TrafficDrawer";
import { TrafficPage } from "@/app/pages/TrafficPage";
import { Root } from "@/app/Root";
import { readLogin, readSettings } from "@/lib/access";
import { pages } from "@/lib/paths";
import { parseQuery, readSearch, writeQuery } from "@/lib/search";

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, validateSearch: readSearch });
const overview = createRoute({ getParentRoute: () => root, path: pages.overview, component: OverviewPage });
const analytics = createRoute({ getParentRoute: () => root, path: pages.analytics, component: AnalyticsPage });
const performance = createRoute({ getParentRoute: () => root, path: pages.performance, component: PerformancePage });
const security = createRoute({ getParentRoute: () => root, path: pages.security, component: SecurityPage });
const model = createRoute({ getParentRoute: () => root, path: pages.model, component: ModelPage });
const sources = createRoute({ getParentRoute: () => root, path: pages.sources, component: SourcesPage });
const settings = createRoute({ getParentRoute: () => root, path: pages.settings, component: SettingsPage, validateSearch: readSettings });
const login = createRoute({ getParentRoute: () => root, path: pages.login, component: LoginPage, validateSearch: readLogin });

// A row opens beside its list: the list stays, and the address names the row.
const traffic = createRoute({ getParentRoute: () => root, path: pages.traffic, component: TrafficPage });
const trafficRow = createRoute({ getParentRoute: () => traffic, path: "$id", component: TrafficDrawer });
const threats = createRoute({ getParentRoute: () => root, path: pages.threats, component: ThreatsPage });
const threatRow = createRoute({ getParentRoute: () => threats, path: "$id", component: ThreatDrawer });

export const router = createRouter({
  routeTree: root.addChildren([overview, traffic.addChildren([trafficRow]), threats.addChildren([threatRow]), analytics, performance, security, model, sources, settings, login]),
  parseSearch: parseQuery,
  stringifySearch: writeQuery,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** Cursors of the pages before this one; the first page has none. */
    trail?: (string | undefined)[];
  }
}
