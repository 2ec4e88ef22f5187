import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";
import type { SecurityCheck } from "@/lib/wire";

/** Measures one check now. */
export function useRunCheck() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (id: number) => (await unwrap(client.POST(api.securityCheckRun, { params: { path: { id } } }))).data,
    onSuccess: (fresh) => {
      cache.setQueryData<SecurityCheck[]>(keys.checks, (checks) => checks?.map((each) => (each.id === fresh.id ? fresh : each)));
      void cache.invalidateQueries({ queryKey: keys.securityScore });
      void cache.invalidateQueries({ queryKey: keys.securityHistory });
    },
  });
}
