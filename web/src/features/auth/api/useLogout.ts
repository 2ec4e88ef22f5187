import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";

/** Ends the session; nothing of what was shown is kept. */
export function useLogout() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST(api.logout)),
    onSuccess: () => cache.resetQueries(),
  });
}
