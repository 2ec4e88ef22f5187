import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { LoginPage } from "@/app/pages/LoginPage";
import { NotFound } from "@/app/pages/NotFound";
import { OverviewPage } from "@/app/pages/OverviewPage";
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
// The first page and both lists come with the first load; the others when somebody goes there, or is about to.
const alerts = createRoute({ getParentRoute: () => root, path: pages.alerts, component: lazyRouteComponent(() => import("@/app/pages/AlertsPage"), "AlertsPage") });
const activity = createRoute({ getParentRoute: () => root, path: pages.activity, component: lazyRouteComponent(() => import("@/app/pages/ActivityPage"), "ActivityPage") });
const analytics = createRoute({ getParentRoute: () => root, path: pages.analytics, component: lazyRouteComponent(() => import("@/app/pages/AnalyticsPage"), "AnalyticsPage") });
const performance = createRoute({ getParentRoute: () => root, path: pages.performance, component: lazyRouteComponent(() => import("@/app/pages/PerformancePage"), "PerformancePage") });
const security = createRoute({ getParentRoute: () => root, path: pages.security, component: lazyRouteComponent(() => import("@/app/pages/SecurityPage"), "SecurityPage") });
const model = createRoute({ getParentRoute: () => root, path: pages.model, component: lazyRouteComponent(() => import("@/app/pages/ModelPage"), "ModelPage") });
const sources = createRoute({ getParentRoute: () => root, path: pages.sources, component: lazyRouteComponent(() => import("@/app/pages/SourcesPage"), "SourcesPage") });
const settings = createRoute({ getParentRoute: () => root, path: pages.settings, component: lazyRouteComponent(() => import("@/app/pages/SettingsPage"), "SettingsPage"), validateSearch: readSettings });
const reference = createRoute({ getParentRoute: () => root, path: pages.reference, component: lazyRouteComponent(() => import("@/app/pages/ReferencePage"), "ReferencePage") });
const login = createRoute({ getParentRoute: () => root, path: pages.login, component: LoginPage, validateSearch: readLogin });

// A row opens beside its list: the list stays, and the address names the row.
const traffic = createRoute({ getParentRoute: () => root, path: pages.traffic, component: TrafficPage });
const trafficRow = createRoute({ getParentRoute: () => traffic, path: "$id", component: TrafficDrawer });
const threats = createRoute({ getParentRoute: () => root, path: pages.threats, component: ThreatsPage });
const threatRow = createRoute({ getParentRoute: () => threats, path: "$id", component: ThreatDrawer });

export const router = createRouter({
  routeTree: root.addChildren([overview, traffic.addChildren([trafficRow]), threats.addChildren([threatRow]), alerts, activity, analytics, performance, security, model, sources, settings, reference, login]),
  parseSearch: parseQuery,
  stringifySearch: writeQuery,
  scrollRestoration: true,
  defaultPreload: "intent",
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
