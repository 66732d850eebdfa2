import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Mode `fake` runs the window in a plain browser over a made-up vault, for design
// work and screenshots. Every other mode leaves the fake core out of the bundle.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: "./",
  define: { __FAKE_CORE__: JSON.stringify(mode === "fake") },
  clearScreen: false,
  server: { port: 5183, strictPort: true },
  build: {
    // WebKitGTK 2.44 (light-dark) and WebView2 of the same time.
    target: ["safari17.5", "chrome123"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rolldownOptions: { input: { index: here("index.html"), door: here("door.html") } },
  },
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
  },
}));
