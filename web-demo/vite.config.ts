// How the client is developed (against any router) and built (static files, nothing inline, so that a strict CSP holds).
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const ROUTER = process.env.PAYFLOW_ROUTER ?? "http://127.0.0.1:4000";
// Those that know light-dark(), :has() and nesting; older ones are told so by nobody, they just look plain.
const BROWSERS = ["chrome123", "edge123", "firefox128", "safari17.5"];

export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/graphql": { target: ROUTER, ws: true, changeOrigin: true, rewriteWsOrigin: true } } },
  preview: { proxy: { "/graphql": { target: ROUTER, ws: true, changeOrigin: true, rewriteWsOrigin: true } } },
  build: {
    target: BROWSERS,
    cssTarget: BROWSERS,
    manifest: true, // the budget reads from it what the first page loads
    assetsInlineLimit: 0, // data: URLs are for images only under our CSP
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
