import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    // Nothing inline: the page's content security policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
