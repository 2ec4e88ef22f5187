// What a frame of the live socket does to the query cache: small things are patched, sums are asked for anew.

import type { QueryClient, QueryKey } from "@tanstack/react-query";

import { keys } from "@/lib/keys";
import type { TrafficListener } from "@/lib/live/context";
import type { Activity, Alert, LiveMessage, Metrics, Performance, SecurityCheck } from "@/lib/wire";

/** Charts and totals are asked for at most this often, however many frames come. */
const CHARTS_MS = 5_000;
const THREATS_MS = 1_500;
/** One run may change many checks. */
const CHECKS_MS = 1_000;
const HISTORY_MS = 1_500;
const MOST_ACTIVITIES = 40;

export class CachePatcher {
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly cache: QueryClient,
    private readonly onTraffic: TrafficListener,
  ) {}

  readonly onMessage = (message: LiveMessage): void => {
    switch (message.type) {
      case "metrics":
        this.cache.setQueryData<Metrics>(keys.metrics, message.data);
        break;
      case "performance":
        this.cache.setQueryData<Performance>(keys.performanceNow, message.data);
        break;
      case "alert":
      case "alert_update":
        this.cache.setQueryData<Alert[]>(keys.alerts, (alerts) => (alerts === undefined ? alerts : withAlert(alerts, message.data)));
        this.soon(["alerts", "history"], HISTORY_MS);
        this.soon(["activities", "events"], HISTORY_MS);
        break;
      case "activity":
        this.cache.setQueryData<Activity[]>(keys.activities, (held) => (held === undefined ? held : withActivity(held, message.data)));
        this.soon(["activities", "list"], THREATS_MS);
        break;
      case "threat":
        this.soon(["threats", "list"], THREATS_MS);
        this.soon(["charts"], CHARTS_MS);
        break;
      case "check":
        this.cache.setQueryData<SecurityCheck[]>(keys.checks, (checks) => checks?.map((each) => (each.id === message.data.id ? message.data : each)));
        this.soon(keys.securityScore, CHECKS_MS);
        this.soon(keys.securityHistory, CHECKS_MS);
        break;
      case "traffic_batch":
        this.onTraffic(message.data, message.sampled ?? 0);
        this.soon(["charts"], CHARTS_MS);
        this.soon(keys.info, CHARTS_MS);
        break;
      default:
        // Answers to what this page asked, and types it does not know.
        break;
    }
  };

  readonly onLost = (): void => {
    void this.cache.invalidateQueries();
  };

  private soon(queryKey: QueryKey, delay: number): void {
    const name = JSON.stringify(queryKey);
    if (this.waiting.has(name)) return;
    const timer = setTimeout(() => {
      this.waiting.delete(name);
      void this.cache.invalidateQueries({ queryKey });
    }, delay);
    this.waiting.set(name, timer);
  }
}

/** The alerts with one added, changed, or taken away when it is no longer active. */
export function withAlert(alerts: readonly Alert[], alert: Alert): Alert[] {
  const others = alerts.filter(({ id }) => id !== alert.id);
  if (!alert.is_active) return others;
  const place = alerts.findIndex(({ id }) => id === alert.id);
  return place < 0 ? [alert, ...others] : alerts.map((each) => (each.id === alert.id ? alert : each));
}

/** The feed with one more line, newest first, cut to its length. */
export function withActivity(held: readonly Activity[], activity: Activity): Activity[] {
  if (held.some(({ id }) => id === activity.id)) return [...held];
  return [activity, ...held].sort((a, b) => (a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : b.id - a.id)).slice(0, MOST_ACTIVITIES);
}
