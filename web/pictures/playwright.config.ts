import { defineConfig } from "@playwright/test";

import tests from "../playwright.config";

// Takes the pictures of readme and book from the real product over demo traffic.
export default defineConfig({ ...tests, testDir: ".", testMatch: "*.pictures.ts", outputDir: "test-results", timeout: 5 * 60_000 });
