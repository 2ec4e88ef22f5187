import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Makes a user. */
export function useAddUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (user: { username: string; email: string; password: string; role: string }) => unwrap(client.POST(api.users, { body: user })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.users }),
  });
}
