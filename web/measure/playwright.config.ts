import { defineConfig } from "@playwright/test";

import tests from "../playwright.config";

// Measurements take long and have no right answer: they are no tests, and print figures instead.
export default defineConfig({ ...tests, testDir: ".", testMatch: "*.measure.ts", outputDir: "test-results", timeout: 3 * 3_600_000 });
