import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Stops a build that would ship the made-up vault. */
const noFakeCore: Plugin = {
  name: "no-fake-core",
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      const modules = part.type === "chunk" ? part.moduleIds : [];
      const fake = modules.find((id) => id.includes("/src/ipc/fake/"));
      if (fake !== undefined) this.error(`${fake} must not be in a real build`);
    }
  },
};

// Mode `fake` runs the window in a plain browser over a made-up vault, for design
// work and screenshots. Every other mode leaves the fake core out of the bundle.
export default defineConfig(({ mode }) => ({
  plugins: [svelte(), ...(mode === "fake" ? [] : [noFakeCore])],
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
