import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Replaces one's own password; every session ends, this one included. */
export function useChangePassword(onDone?: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: { current_password: string; new_password: string }) => unwrap(client.POST(api.password, { body: change })),
    onSuccess: () => {
      // Said first: with the session goes the form that asked.
      onDone?.();
      return cache.resetQueries({ queryKey: keys.me });
    },
  });
}
