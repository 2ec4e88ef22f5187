import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: {
    // A test hangs or it does not; on a busy machine starting a shell sixty times takes long.
    testTimeout: 60_000,
    include: ["src/**/*.test.{ts,tsx}"],
    // Tests of components name jsdom in their first line; the others start faster without it.
    environment: "node",
    // Times are shown in the local zone: tests name theirs.
    env: { TZ: "Europe/Berlin" },
    restoreMocks: true,
    setupFiles: ["./src/test/setup.ts"],
  },
});
