import "./layout.css";

import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { CommandPalette } from "@/app/CommandPalette";
import { FailureBanner } from "@/app/FailureBanner";
import { KeyHelp } from "@/app/KeyHelp";
import { placeOf, PLACES } from "@/app/navigation";
import { SearchField } from "@/app/SearchField";
import { ThemeSwitch } from "@/app/ThemeSwitch";
import { useKeys } from "@/app/useKeys";
import { SignOut } from "@/features/auth/components/SignOut";
import { LiveBanner } from "@/features/live/components/LiveBanner";
import { LiveIndicator } from "@/features/live/components/LiveIndicator";
import { RangePicker } from "@/features/range/components/RangePicker";
import { DemoBadge } from "@/features/sources/components/DemoBadge";
import { ModeBadge } from "@/features/system/components/ModeBadge";
import { pages } from "@/lib/paths";
import { withoutFilters } from "@/lib/search";
import { zone } from "@/lib/time";
import { useSearchState } from "@/lib/useSearchState";
import { IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";

/** Everything around the page: navigation, time range, state of the connection. */
export function Layout() {
  const { search } = useSearchState();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const help = useRef<HTMLDialogElement>(null);
  const palette = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useKeys(field, help);

  const current = placeOf(path);
  const here = useRef<HTMLAnchorElement>(null);
  // On a phone the bar holds more pages than it shows.
  useEffect(() => {
    // In braces: newer browsers return a promise here, which is no clean-up.
    here.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  const title = current?.text ?? "Not found";

  return (
    <div className="shell">
      <title>{`${title} · Bartizan`}</title>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <nav className="side" aria-label="Pages">
        <Link to={pages.overview} search={withoutFilters(search)} className="brand">
          <svg viewBox="0 0 32 32" className="brand-mark" aria-hidden="true">
            <path d="M6 5h4.5v4h3V5h5v4h3V5H26v9l-2.5 2.5V27h-15V16.5L6 14z" />
          </svg>
          <span>Bartizan</span>
        </Link>
        <ul className="side-links">
          {PLACES.map(({ to, text, icon }) => (
            <li key={to}>
              <Link to={to} search={withoutFilters(search)} ref={current?.to === to ? here : undefined} className="side-link" aria-current={current?.to === to ? "page" : undefined}>
                <Icon name={icon} />
                <span>{text}</span>
              </Link>
            </li>
          ))}
        </ul>
        <div className="side-foot">
          <ModeBadge />
          <DemoBadge />
        </div>
      </nav>
      <header className="top">
        <h1>{title}</h1>
        <span className="top-badges">
          <ModeBadge />
          <DemoBadge />
        </span>
        <SearchField field={field} />
        <RangePicker />
        <span className="top-zone" title="Times are shown in this zone; their titles hold UTC">
          {zone()}
        </span>
        <span className="top-tools">
          <LiveIndicator />
          <ThemeSwitch />
          <SignOut />
          <IconButton icon="command" label="Command palette (Ctrl or ⌘ K)" aria-keyshortcuts="Control+K Meta+K" onClick={() => palette.current?.showModal()} />
          <IconButton icon="keyboard" label="Keyboard shortcuts (?)" onClick={() => help.current?.showModal()} className="top-help" />
        </span>
      </header>
      <main id="content" className="main" tabIndex={-1}>
        <LiveBanner />
        <FailureBanner />
        <Outlet />
      </main>
      <KeyHelp dialog={help} />
      <CommandPalette dialog={palette} help={help} />
    </div>
  );
}
