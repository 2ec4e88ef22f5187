import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// During development the pages come from Vite and the data from a server started by hand.
const server = process.env.BARTIZAN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: { target: "es2022", assetsInlineLimit: 0, sourcemap: false },
  server: {
    host: "127.0.0.1",
    // The server accepts live connections from this origin (API.md 1.9).
    port: 3000,
    proxy: {
      "/api": server,
      "/ws": { target: server, ws: true },
    },
  },
});
