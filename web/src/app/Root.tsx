import { Outlet, useLocation } from "@tanstack/react-router";

import { Layout } from "@/app/Layout";
import { pages } from "@/lib/paths";

/** The login page stands alone; every other page has the navigation around it. */
export function Root() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return path === pages.login ? <Outlet /> : <Layout />;
}
