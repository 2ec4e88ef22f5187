import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { useNewestRequest } from "@/features/traffic/api/useNewestRequest";
import { PAGE_ROWS } from "@/features/traffic/api/useTrafficList";
import { keys, type ListQuery } from "@/lib/keys";
import { useLive } from "@/lib/live/context";
import { matchesFilters } from "@/lib/live/match";
import type { Traffic } from "@/lib/wire";

/** At most one question to the server in this time, however many frames come. */
const REFETCH_MS = 1_000;

const MOST_FRESH = 2_000;

export interface LiveTail {
  /** New rows that wait while the tail is paused. */
  waiting: number;
  /** Rows that came by the socket since the page was opened. */
  isFresh: (row: Traffic) => boolean;
  /** Shows what waits. */
  catchUp: () => void;
}

/**
 * Puts rows of the live socket on top of the first page of a list. Rows that cannot be judged here, and flushes of which
 * the server sent only a part, make the list be asked for anew.
 */
export function useLiveTail(query: ListQuery, active: boolean, paused: boolean): LiveTail {
  const cache = useQueryClient();
  const { onTraffic } = useLive();
  const [waiting, setWaiting] = useState(0);
  const fresh = useRef(new Set<number>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const text = JSON.stringify(query);
  const held = useMemo(() => JSON.parse(text) as ListQuery, [text]);

  const refetch = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: keys.traffic(held) });
    }, REFETCH_MS);
  }, [cache, held]);

  useEffect(() => {
    if (!active) return;
    const stop = onTraffic((rows, sampled) => {
      const judged = rows.map((row) => ({ row, fits: matchesFilters(row, held.filters) })).filter(({ fits }) => fits !== false);
      if (judged.length === 0 && sampled === 0) return;
      // Only what came last is lit: a page that stays open for days must not keep every number.
      if (fresh.current.size > MOST_FRESH) fresh.current.clear();
      for (const { row } of judged) fresh.current.add(row.id);
      if (paused) {
        setWaiting((count) => count + judged.length + (Object.keys(held.filters).length === 0 ? sampled : 0));
        return;
      }
      if (sampled > 0 || judged.some(({ fits }) => fits === null)) refetch();
      const sure = judged.filter(({ fits }) => fits === true).map(({ row }) => row);
      cache.setQueryData<ListAnswer>(keys.traffic(held), (answer) => (answer === undefined ? answer : { ...answer, data: mergeRows(answer.data, sure) }));
    });
    return () => {
      stop();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [active, paused, held, cache, onTraffic, refetch]);

  // A row that the socket has not brought yet is fetched: from the log to the screen it takes less than two seconds.
  const newest = useNewestRequest(held, active && !paused).data;
  useEffect(() => {
    const shown = cache.getQueryData<ListAnswer>(keys.traffic(held));
    if (newest === undefined || newest === 0 || shown === undefined || shown.data.some(({ id }) => id === newest)) return;
    fresh.current.add(newest);
    void cache.invalidateQueries({ queryKey: keys.traffic(held) });
  }, [newest, cache, held]);

  const catchUp = useCallback(() => {
    setWaiting(0);
    void cache.invalidateQueries({ queryKey: keys.traffic(held) });
  }, [cache, held]);

  return { waiting, catchUp, isFresh: useCallback((row) => fresh.current.has(row.id), []) };
}

interface ListAnswer {
  data: Traffic[];
}

/** New rows on top, each once, newest first, no more than a page. */
export function mergeRows(held: readonly Traffic[], arrived: readonly Traffic[]): Traffic[] {
  const known = new Set(held.map(({ id }) => id));
  const rows = [...arrived.filter(({ id }) => !known.has(id)), ...held];
  rows.sort((a, b) => (a.timestamp === b.timestamp ? b.id - a.id : a.timestamp < b.timestamp ? 1 : -1));
  return rows.slice(0, PAGE_ROWS);
}
