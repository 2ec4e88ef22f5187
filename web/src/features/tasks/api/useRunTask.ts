import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Asks for a run of a task now. */
export function useRunTask() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => unwrap(client.POST(api.taskRun, { params: { path: { name } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.tasks }),
  });
}
