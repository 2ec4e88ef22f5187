import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Opens a session; what another one saw is forgotten. */
export function useLogin() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { username: string; password: string }) => unwrap(client.POST(api.login, { body: credentials })),
    onSuccess: async () => {
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[1] !== keys.me[1] });
      await cache.resetQueries({ queryKey: keys.me });
    },
  });
}
