import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // The tokens use light-dark(), which these know: an older target would expand every colour into two custom properties.
    target: ["chrome125", "firefox128", "safari17.5"],
    // The content security policy has no data: source.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
