// How the client is developed (against any router) and built (static files, nothing inline, so that a strict CSP holds).
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const ROUTER = process.env.PAYFLOW_ROUTER ?? "http://127.0.0.1:4000";
// Those that know light-dark(), :has() and nesting; older ones are told so by nobody, they just look plain.
const BROWSERS = ["chrome123", "edge123", "firefox128", "safari17.5"];
// What the router sends with the page: so `npm run preview` shows at once what would be blocked.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

// The API, and the files of its explorer, which the page /explorer frames.
const PROXY = {
  "/graphql": { target: ROUTER, ws: true, changeOrigin: true, rewriteWsOrigin: true },
  "^/explorer/.": { target: ROUTER, changeOrigin: true },
};

export default defineConfig({
  plugins: [react()],
  server: { proxy: PROXY },
  preview: {
    headers: { "content-security-policy": POLICY },
    proxy: PROXY,
  },
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
