import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

// One file, no request: styles and program are inlined, what the data says comes in through the placeholder.
export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: { target: "es2021", modulePreload: false, reportCompressedSize: false },
});
