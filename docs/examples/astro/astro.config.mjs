import { defineConfig } from "astro/config";

export default defineConfig({
  output: "static",
  outDir: process.env.OUT ?? "dist",
  // Pictures are larder's to resize, by their address.
  image: { service: { entrypoint: "astro/assets/services/noop" } },
});
